package import Domain
package import FindingStore

/// The result of comparing a stored image with its announced state.
package struct ImageDifference: Hashable, Sendable {
    /// The write of the announced item, in one transaction with the change record.
    package enum Update: Hashable, Sendable {
        case none
        case write(AnnouncedImage)
        case forget(AnnouncedImage)
    }

    /// The change to announce; nil where there is none.
    package var change: ImageChange?
    /// The write that is due even without a change to announce, such as new tags.
    package var update: Update

    /// Pairs a change with a write.
    package init(change: ImageChange?, update: Update) {
        self.change = change
        self.update = update
    }
}

/// Finds the change of one image: the difference between its stored and its announced state.
///
/// Only a trusted judgement resolves a finding. A failed scan, an expired eligibility or lost access is a loss of
/// coverage: the last known findings stay open until the image is judged again.
package struct ImageComparison: Sendable {
    /// The least severity that is announced.
    package let threshold: Severity
    /// Rules whose findings are left out of the counts of last known findings.
    ///
    /// Changes keep suppressed findings here; `ChangeGrouping` drops them when it makes notifications.
    package let suppressions: Suppressions

    /// Compares with `threshold` as the least severity to announce.
    package init(threshold: Severity, suppressions: Suppressions = Suppressions()) {
        self.threshold = threshold
        self.suppressions = suppressions
    }

    /// Compares at `now`, in seconds since 1970; nil means an image that is not stored, or was never announced.
    package func difference(current: StoredImage?, announced: AnnouncedImage?, at now: Double) -> ImageDifference {
        switch (current, announced) {
        case (nil, nil): ImageDifference(change: nil, update: .none)
        case (nil, let announced?): removed(announced, at: now)
        case (let current?, nil): first(current)
        case (let current?, let announced?) where current.status.coverage.isJudged: status(current, after: announced)
        case (let current?, let announced?): notJudged(current, after: announced, at: now)
        }
    }

    private func removed(_ announced: AnnouncedImage, at now: Double) -> ImageDifference {
        // Its exclusion was announced already, and its removal was not observed.
        if announced.coverage.state == .outOfScope { return ImageDifference(change: nil, update: .forget(announced)) }
        let openFindings = openFindings(announced, at: now)
        let change = ImageChange(
            digest: announced.place.digest,
            tags: announced.image.tags,
            writeToken: announced.token,
            cause: .removed,
            openFindings: openFindings
        )
        return ImageDifference(change: openFindings.isEmpty ? nil : change, update: .forget(announced))
    }

    private func first(_ current: StoredImage) -> ImageDifference {
        let changes = changes(from: [], to: current.status.findings)
        let change = changes.isEmpty ? nil : change(of: current, .detected, changes)
        return ImageDifference(change: change, update: .write(AnnouncedImage(current)))
    }

    private func status(_ current: StoredImage, after announced: AnnouncedImage) -> ImageDifference {
        let changes = changes(from: announced.findings, to: current.status.findings)
        let isRegained = announced.hasBeenJudged && !announced.coverage.isJudged
        let cause: ImageChange.Cause =
            isRegained ? .coverageRegained(current.status.coverage) : announced.hasBeenJudged ? .changed : .detected
        let change = changes.isEmpty && !isRegained ? nil : change(of: current, cause, changes)
        return ImageDifference(change: change, update: update(announced, to: AnnouncedImage(current)))
    }

    private func notJudged(
        _ current: StoredImage,
        after announced: AnnouncedImage,
        at now: Double
    ) -> ImageDifference {
        var next = announced
        next.image = current.status.image
        next.fingerprint = current.fingerprint
        next.token = current.token
        if current.status.coverage.isPassing {
            return ImageDifference(change: nil, update: update(announced, to: next))
        }
        next.coverage = current.status.coverage
        let isLost = announced.hasBeenJudged && announced.coverage.isJudged
        var change = isLost ? change(of: current, .coverageLost(current.status.coverage), []) : nil
        change?.openFindings = openFindings(announced, at: now)
        return ImageDifference(change: change, update: update(announced, to: next))
    }

    private func change(
        of current: StoredImage,
        _ cause: ImageChange.Cause,
        _ changes: [FindingChange]
    ) -> ImageChange {
        ImageChange(
            digest: current.place.digest,
            tags: current.status.image.tags,
            writeToken: current.token,
            cause: cause,
            changes: changes
        )
    }

    private func changes(from before: [Finding], to after: [Finding]) -> [FindingChange] {
        FindingChange.between(before, and: after).filter { $0.reaches(threshold) }
    }

    private func openFindings(_ announced: AnnouncedImage, at now: Double) -> [Severity: Int] {
        let repository = announced.place.repository
        return announced.findings.reduce(into: [:]) { counts, finding in
            guard finding.severity.rank >= threshold.rank,
                suppressions.rule(for: finding.key, in: repository, at: now) == nil
            else { return }
            counts[finding.severity, default: 0] += 1
        }
    }

    /// Avoids a write where only the time of the judgement changed, as after a daily rescan.
    private func update(_ announced: AnnouncedImage, to next: AnnouncedImage) -> ImageDifference.Update {
        announced.matches(sameAs: next) ? .none : .write(next)
    }
}

extension AnnouncedImage {
    fileprivate func matches(sameAs other: AnnouncedImage) -> Bool {
        image == other.image && coverage.state == other.coverage.state && findings == other.findings
            && hasBeenJudged == other.hasBeenJudged
    }
}

/// Hashes of an image's announced state, so small that those of a whole registry fit into memory.
struct AnnouncedDigest {
    private let image: Int
    private let state: Coverage.State
    private let judgement: Int

    init(_ announced: AnnouncedImage) {
        image = announced.image.hashValue
        state = announced.coverage.state
        judgement = [announced.findings.hashValue, announced.hasBeenJudged ? 1 : 0].hashValue
    }

    /// Whether a stored image needs no change record and no write; a rescan without a change needs none.
    func matches(sameAs current: StoredImage) -> Bool {
        let coverage = current.status.coverage
        guard image == current.status.image.hashValue else { return false }
        if coverage.isPassing { return true }
        guard state == coverage.state else { return false }
        return !coverage.isJudged || judgement == AnnouncedDigest(AnnouncedImage(current)).judgement
    }
}

extension Coverage {
    /// Whether the state is temporary and says nothing about the image: a scan is running, or AWS throttles.
    package var isPassing: Bool { state == .waiting || state == .throttled }
}
