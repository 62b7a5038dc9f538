package import Domain
package import FindingStore

/// What a comparison of the stored with the announced image asks for.
package struct ImageVerdict: Hashable, Sendable {
    /// What becomes of the announced item, once the news is delivered.
    package enum Update: Hashable, Sendable {
        case none
        case write(AnnouncedImage)
        case forget(AnnouncedImage)
    }

    /// Nil where nothing worth telling changed.
    package var news: ImageNews?
    package var update: Update

    /// Joins the two.
    package init(news: ImageNews?, update: Update) {
        self.news = news
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
    package func verdict(current: StoredImage?, announced: AnnouncedImage?, at now: Double) -> ImageVerdict {
        switch (current, announced) {
        case (nil, nil): ImageVerdict(news: nil, update: .none)
        case (nil, let announced?): removed(announced, at: now)
        case (let current?, nil): first(current)
        case (let current?, let announced?) where current.judged.coverage.isJudged: judged(current, after: announced)
        case (let current?, let announced?): notJudged(current, after: announced, at: now)
        }
    }

    private func removed(_ announced: AnnouncedImage, at now: Double) -> ImageVerdict {
        // That nobody looks at it any more was told; nobody saw it go.
        if announced.coverage.state == .outOfScope { return ImageVerdict(news: nil, update: .forget(announced)) }
        let standing = standing(announced, at: now)
        let news = ImageNews(
            digest: announced.place.digest,
            tags: announced.image.tags,
            revision: announced.token,
            occasion: .removed,
            standing: standing
        )
        return ImageVerdict(news: standing.isEmpty ? nil : news, update: .forget(announced))
    }

    private func first(_ current: StoredImage) -> ImageVerdict {
        let changes = changes(from: [], to: current.judged.findings)
        let news = changes.isEmpty ? nil : news(of: current, .detected, changes)
        return ImageVerdict(news: news, update: .write(AnnouncedImage(current)))
    }

    private func judged(_ current: StoredImage, after announced: AnnouncedImage) -> ImageVerdict {
        let changes = changes(from: announced.findings, to: current.judged.findings)
        let isRegained = announced.hasBeenJudged && !announced.coverage.isJudged
        let occasion: ImageNews.Occasion =
            isRegained ? .coverageRegained(current.judged.coverage) : announced.hasBeenJudged ? .changed : .detected
        let news = changes.isEmpty && !isRegained ? nil : news(of: current, occasion, changes)
        return ImageVerdict(news: news, update: update(announced, to: AnnouncedImage(current)))
    }

    private func notJudged(
        _ current: StoredImage,
        after announced: AnnouncedImage,
        at now: Double
    ) -> ImageVerdict {
        var next = announced
        next.image = current.judged.image
        next.fingerprint = current.fingerprint
        next.token = current.token
        if current.judged.coverage.isPassing { return ImageVerdict(news: nil, update: update(announced, to: next)) }
        next.coverage = current.judged.coverage
        let isLost = announced.hasBeenJudged && announced.coverage.isJudged
        var news = isLost ? news(of: current, .coverageLost(current.judged.coverage), []) : nil
        news?.standing = standing(announced, at: now)
        return ImageVerdict(news: news, update: update(announced, to: next))
    }

    private func news(
        of current: StoredImage,
        _ occasion: ImageNews.Occasion,
        _ changes: [FindingChange]
    ) -> ImageNews {
        ImageNews(
            digest: current.place.digest,
            tags: current.judged.image.tags,
            revision: current.token,
            occasion: occasion,
            changes: changes
        )
    }

    private func changes(from before: [Finding], to after: [Finding]) -> [FindingChange] {
        FindingChange.between(before, and: after).filter { $0.reaches(threshold) }
    }

    private func standing(_ announced: AnnouncedImage, at now: Double) -> [Severity: Int] {
        let repository = announced.place.repository
        return announced.findings.reduce(into: [:]) { counts, finding in
            guard finding.severity.rank >= threshold.rank,
                suppressions.rule(for: finding.key, in: repository, at: now) == nil
            else { return }
            counts[finding.severity, default: 0] += 1
        }
    }

    /// A daily rescan changes the time of the judgement and nothing that was told: that is not worth a write.
    private func update(_ announced: AnnouncedImage, to next: AnnouncedImage) -> ImageVerdict.Update {
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
struct ToldMark {
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
        let coverage = current.judged.coverage
        guard image == current.judged.image.hashValue else { return false }
        if coverage.isPassing { return true }
        guard state == coverage.state else { return false }
        return !coverage.isJudged || judgement == ToldMark(AnnouncedImage(current)).judgement
    }
}

extension Coverage {
    /// Whether the state says nothing about the image itself and will pass: a scan under way, or quota that ran out.
    package var isPassing: Bool { state == .waiting || state == .throttled }
}
