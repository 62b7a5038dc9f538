internal import AWSCore
internal import Domain
internal import FleetRoles
internal import Notifications
internal import Support

extension SettingReader {
    mutating func notifications() -> Settings.Notifications {
        let rules = rules(.routes)
        let chat = chat(rules.roomURLs)
        return Settings.Notifications(
            chat: chat,
            severity: severity(),
            routes: Routes(rules.routes, defaultRoom: chat == nil ? nil : text(.hubotRoom)),
            suppressions: Suppressions(self.rules(.suppressions).suppressions),
            window: window(),
            muteSchedule: MuteSchedule(hours: quietHours(), digest: digest())
        )
    }

    private mutating func chat(_ roomURLs: [String: String]) -> Settings.Chat? {
        guard let url = url(.hubotURL) else { return nil }
        if text(.hubotRoom) == nil {
            report(.hubotRoom, "required where SCANFLEET_HUBOT_URL is given: the room that notifications go to")
        }
        let format = ChatFormat(rawValue: string(.chatFormat))
        if format == nil { report(.chatFormat, "\(string(.chatFormat)) is none of hubot, slack, webhook") }
        return Settings.Chat(
            format: format ?? .hubot,
            url: url,
            roomURLs: roomURLs,
            token: text(.hubotToken).map(Secret.init)
        )
    }

    private mutating func rules(_ key: ConfigurationKey) -> RuleFile.Contents {
        guard let path = text(key) else { return RuleFile.Contents() }
        do { return try RuleFile.read(path) } catch {
            report(key, error.description)
            return RuleFile.Contents()
        }
    }

    private mutating func severity() -> Severity {
        let severity = Severity(rawValue: string(.notifySeverity).uppercased())
        if !Severity.known.contains(severity) {
            let known = Severity.known.map(\.rawValue).joined(separator: ", ")
            report(.notifySeverity, "\(string(.notifySeverity)) is none of \(known)")
        }
        return severity
    }

    private mutating func window() -> Duration {
        guard case .every(let seconds) = schedule(.notifyWindow) else {
            report(.notifyWindow, "\(string(.notifyWindow)) is not a span such as 5m")
            return .zero
        }
        return .seconds(seconds)
    }

    private mutating func quietHours() -> MuteSchedule.Span? {
        guard let text = text(.quietHours) else { return nil }
        let times = text.split(separator: "-", omittingEmptySubsequences: false).map { Self.minute($0) }
        guard times.count == 2, let from = times[0], let to = times[1] else {
            report(.quietHours, "\(text) is not a span such as 22:00-07:00")
            return nil
        }
        return MuteSchedule.Span(from: from, to: to)
    }

    private mutating func digest() -> Int? {
        guard let text = text(.digest) else { return nil }
        let minute = Self.minute(text)
        if minute == nil { report(.digest, "\(text) is not a time such as 08:00") }
        return minute
    }

    /// Reads `22:30` as minutes since midnight.
    private static func minute(_ text: some StringProtocol) -> Int? {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard fields.count == 2, let hour = fields[0], let minute = fields[1], (0...23).contains(hour),
            (0...59).contains(minute)
        else { return nil }
        return hour * 60 + minute
    }
}
