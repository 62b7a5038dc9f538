internal import CivilTime
internal import Domain

/// What is said of the fleet's own sight: which places it looks into, and what it tells.
extension NewsText {
    /// More are counted, and stand in the event.
    private static let shownRepositories = 12
    private static let shownVulnerabilities = 10

    static func lines(of news: AccessNews) -> [String] {
        guard let obstacle = news.obstacle else { return ["Looked into again: \(place(of: news))"] }
        let line = "\(place(of: news)): \(words(obstacle))"
        guard news.images > 0 else { return ["Not looked into: \(line)", "  nothing was ever judged there"] }
        let judged = news.images == 1 ? "1 image" : "\(news.images) images"
        let last = news.lastJudgedAt.map { ", the newest judgement of \(UTCTime(seconds: Int($0)).text)Z" } ?? ""
        return ["No longer looked into: \(line)", "  last known stands: \(judged)\(last)"]
    }

    private static func place(of news: AccessNews) -> String {
        let account = "account \(name(of: news.account, news.accountName))"
        guard let region = news.region else { return account }
        let registry = "\(account) \(ChatText.neutral(region.rawValue))"
        guard !news.repositories.isEmpty else { return registry }
        let shown = news.repositories.prefix(shownRepositories).map { ChatText.neutral($0.rawValue) }
        let more = news.repositories.count > shown.count ? " and \(news.repositories.count - shown.count) more" : ""
        let noun = news.repositories.count == 1 ? "repository" : "\(news.repositories.count) repositories"
        return "\(noun) \(shown.joined(separator: ", "))\(more) of \(registry)"
    }

    static func lines(of news: ScopeNews) -> [String] {
        var lines = ["Told From Now On"]
        if let former = news.formerThreshold {
            let (now, before) = (ChatText.neutral(news.threshold.rawValue), ChatText.neutral(former.rawValue))
            lines.append("the least severity that is told is \(now), and was \(before)")
        }
        lines += news.rules.map {
            "no longer suppressed: \(ChatText.neutral($0.description)) (\(ChatText.neutral($0.reason)))"
        }
        let images = news.images == 1 ? "1 image" : "\(news.images) images"
        lines.append("\(numbers(news.findings)) stand in \(images), and were not told when they came")
        let worst = news.worst
        lines += worst.prefix(shownVulnerabilities).map { subject in
            let name = "\(ChatText.neutral(subject.vulnerability)) \(ChatText.neutral(subject.severity.rawValue))"
            return "  \(name) in \(subject.images == 1 ? "1 image" : "\(subject.images) images")"
        }
        if worst.count > shownVulnerabilities { lines.append("  and \(worst.count - shownVulnerabilities) more") }
        return lines
    }
}
