package import Domain
package import FindingStore

/// What a comparison of the stored with the announced image asks for.
package struct ImageDifference: Hashable, Sendable {
    /// What becomes of the announced item, once the news is delivered.
    package enum Update: Hashable, Sendable {
        case none
        case write(AnnouncedImage)
        case forget(AnnouncedImage)
    }

    /// Nil where nothing worth telling changed.
    package var change: ImageChange?
    package var update: Update

    /// Joins the two.
    package init(change: ImageChange?, update: Update) {
        self.change = change
        self.update = update
    }
}

/// Finds the news of one image: the difference between what is stored and what was last told.
///
/// Only a trusted judgement resolves a finding. A failed scan, an expired eligibility or lost access is a loss of
/// coverage, and what was last known stands until the image is judged again.
package struct ImageComparison: Sendable {
    /// The least severity that is told.
    package let threshold: Severity
    /// Rules by which findings are left out where what stood is counted; changes lose them when they are told.
    package let suppressions: Suppressions

    /// Compares with `threshold` as the least severity that is news.
    package init(threshold: Severity, suppressions: Suppressions = Suppressions()) {
        self.threshold = threshold
        self.suppressions = suppressions
    }

    /// Compares at `now`; nil stands for an image that is not stored, or of which nothing was ever told.
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
        // That nobody looks at it any more was told; nobody saw it go.
        if announced.coverage.state == .outOfScope { return ImageDifference(change: nil, update: .forget(announced)) }
        let openFindings = openFindings(announced, at: now)
        let change = ImageChange(
            digest: announced.place.digest,
            tags: announced.image.tags,
            revision: announced.token,
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
            revision: current.token,
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

    /// A daily rescan changes the time of the judgement and nothing that was told: that is not worth a write.
    private func update(_ announced: AnnouncedImage, to next: AnnouncedImage) -> ImageDifference.Update {
        announced.tells(sameAs: next) ? .none : .write(next)
    }
}

extension AnnouncedImage {
    fileprivate func tells(sameAs other: AnnouncedImage) -> Bool {
        image == other.image && coverage.state == other.coverage.state && findings == other.findings
            && hasBeenJudged == other.hasBeenJudged
    }
}

/// What was told of an image, in so few bytes that a whole registry's fit into memory.
struct AnnouncedDigest {
    private let image: Int
    private let state: Coverage.State
    private let judgement: Int

    init(_ announced: AnnouncedImage) {
        image = announced.image.hashValue
        state = announced.coverage.state
        judgement = [announced.findings.hashValue, announced.hasBeenJudged ? 1 : 0].hashValue
    }

    /// Whether a stored image asks for nothing to be told or written down: a rescan without a change is none.
    func tells(sameAs current: StoredImage) -> Bool {
        let coverage = current.status.coverage
        guard image == current.status.image.hashValue else { return false }
        if coverage.isPassing { return true }
        guard state == coverage.state else { return false }
        return !coverage.isJudged || judgement == AnnouncedDigest(AnnouncedImage(current)).judgement
    }
}

extension Coverage {
    /// Whether the state says nothing about the image itself and will pass: a scan under way, or quota that ran out.
    package var isPassing: Bool { state == .waiting || state == .throttled }
}
