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

    /// Compares with `threshold` as the least severity that is news.
    package init(threshold: Severity) { self.threshold = threshold }

    /// Compares; nil stands for an image that is not stored, or of which nothing was ever told.
    package func verdict(current: StoredImage?, announced: AnnouncedImage?) -> ImageVerdict {
        switch (current, announced) {
        case (nil, nil): ImageVerdict(news: nil, update: .none)
        case (nil, let announced?): removed(announced)
        case (let current?, nil): first(current)
        case (let current?, let announced?) where current.judged.coverage.isJudged: judged(current, after: announced)
        case (let current?, let announced?): notJudged(current, after: announced)
        }
    }

    private func removed(_ announced: AnnouncedImage) -> ImageVerdict {
        // That nobody looks at it any more was told; nobody saw it go.
        if announced.coverage.state == .outOfScope { return ImageVerdict(news: nil, update: .forget(announced)) }
        let standing = standing(announced.findings)
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

    private func notJudged(_ current: StoredImage, after announced: AnnouncedImage) -> ImageVerdict {
        var next = announced
        next.image = current.judged.image
        next.fingerprint = current.fingerprint
        next.token = current.token
        if current.judged.coverage.isPassing { return ImageVerdict(news: nil, update: update(announced, to: next)) }
        next.coverage = current.judged.coverage
        let isLost = announced.hasBeenJudged && announced.coverage.isJudged
        var news = isLost ? news(of: current, .coverageLost(current.judged.coverage), []) : nil
        news?.standing = standing(announced.findings)
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

    private func standing(_ findings: [Finding]) -> [Severity: Int] {
        findings.reduce(into: [:]) { counts, finding in
            if finding.severity.rank >= threshold.rank { counts[finding.severity, default: 0] += 1 }
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

extension Coverage {
    /// Whether the state says nothing about the image itself and will pass: a scan under way, or quota that ran out.
    package var isPassing: Bool { state == .waiting || state == .throttled }
}
