internal import Domain
internal import Support

/// Texts about access and rules.
extension MessageText {
    /// Further ones are only counted here; the payload lists them.
    private static let shownRepositories = 12
    private static let shownVulnerabilities = 10

    static func lines(of change: AccessChange) -> [String] {
        guard let obstacle = change.obstacle else { return ["Looked into again: \(place(of: change))"] }
        let line = "\(place(of: change)): \(words(obstacle))"
        guard change.images > 0 else { return ["Not looked into: \(line)", "  nothing was ever judged there"] }
        let judged = change.images == 1 ? "1 image" : "\(change.images) images"
        let last = change.lastJudgedAt.map { ", the newest judgement of \(UTCTime(seconds: Int($0)).text)Z" } ?? ""
        return ["No longer looked into: \(line)", "  last known stands: \(judged)\(last)"]
    }

    private static func place(of change: AccessChange) -> String {
        let account = "account \(name(of: change.account, change.accountName))"
        guard let region = change.region else { return account }
        let registry = "\(account) \(ChatText.escaped(region.rawValue))"
        guard !change.repositories.isEmpty else { return registry }
        let shown = change.repositories.prefix(shownRepositories).map { ChatText.escaped($0.rawValue) }
        let more = change.repositories.count > shown.count ? " and \(change.repositories.count - shown.count) more" : ""
        let noun = change.repositories.count == 1 ? "repository" : "\(change.repositories.count) repositories"
        return "\(noun) \(shown.joined(separator: ", "))\(more) of \(registry)"
    }

    static func lines(of change: RuleChangeSummary) -> [String] {
        var lines = ["Told From Now On"]
        if let former = change.formerThreshold {
            let (now, before) = (ChatText.escaped(change.threshold.rawValue), ChatText.escaped(former.rawValue))
            lines.append("the least severity that is told is \(now), and was \(before)")
        }
        lines += change.rules.map {
            "no longer suppressed: \(ChatText.escaped($0.description)) (\(ChatText.escaped($0.reason)))"
        }
        let images = change.images == 1 ? "1 image" : "\(change.images) images"
        lines.append("\(numbers(change.findings)) stand in \(images), and were not told when they came")
        let worst = change.worst
        lines += worst.prefix(shownVulnerabilities).map { subject in
            let name = "\(ChatText.escaped(subject.vulnerability)) \(ChatText.escaped(subject.severity.rawValue))"
            return "  \(name) in \(subject.images == 1 ? "1 image" : "\(subject.images) images")"
        }
        if worst.count > shownVulnerabilities { lines.append("  and \(worst.count - shownVulnerabilities) more") }
        return lines
    }
}
