internal import Domain

/// What a person reads of many images to which the same happened.
extension NewsText {
    /// More are counted, and stand in the event.
    private static let shownImages = 12

    static func lines(of news: LapseNews) -> [String] {
        let registry = news.registry
        let place = "\(name(of: registry.account, news.accountName)) \(ChatText.neutral(registry.region.rawValue))"
        let extent = news.images.count == 1 ? "1 image" : "\(news.images.count) images"
        let (title, what) = what(news)
        let labels = news.images.prefix(shownImages).map { label(of: $0.news, in: $0.repository) }
        let more = news.images.count > labels.count ? " and \(news.images.count - labels.count) more" : ""
        return [title, "\(place): \(extent) \(what)", "  \(labels.joined(separator: ", "))\(more)"]
    }

    private static func what(_ news: LapseNews) -> (title: String, what: String) {
        let standing = news.standing
        switch news.occasion {
        case .removed:
            let lost = standing.isEmpty ? "" : ", and \(numbers(standing)) with them: not fixed, gone"
            return ("Images Removed", "removed\(lost)")
        case .coverageLost(let coverage):
            let known = standing.isEmpty ? "" : "; last known: \(numbers(standing))"
            return ("Coverage Lost", "no longer judged: \(words(coverage))\(known)")
        case .coverageRegained: return ("Coverage Regained", "judged again")
        case .detected, .changed: return ("Vulnerabilities Changed", "changed")
        }
    }

    private static func label(of image: ImageNews, in repository: RepositoryName) -> String {
        let name = ChatText.neutral(repository.rawValue)
        guard let tag = image.tags.first else {
            return "\(name)@\(ChatText.neutral(image.digest.rawValue).prefix(19))"
        }
        return "\(name):\(ChatText.neutral(tag))"
    }
}
