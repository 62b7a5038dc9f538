internal import AdminServer
internal import Discovery
internal import FleetRoles

/// Reads single settings and gathers their problems.
struct SettingReader {
    let sources: ConfigurationSources
    private(set) var problems: [String] = []

    init(sources: ConfigurationSources) {
        self.sources = sources
    }

    mutating func report(_ key: ConfigurationKey, _ problem: String) {
        problems.append("\(key.variable): \(problem)")
    }

    mutating func report(variable: String, _ problem: String) {
        problems.append("\(variable): \(problem)")
    }

    func text(_ key: ConfigurationKey) -> String? { sources.find(key)?.value }

    /// The text of a setting that has a default.
    func string(_ key: ConfigurationKey) -> String { text(key) ?? "" }

    mutating func integer(_ key: ConfigurationKey, in range: ClosedRange<Int>) -> Int {
        let text = string(key)
        if let number = Int(text), range.contains(number) { return number }
        report(key, "\(text) is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        return range.lowerBound
    }

    /// Reads a name that becomes part of keys, paths or ARNs: letters, digits and the characters in `extra`.
    mutating func name(_ key: ConfigurationKey, extra: String) -> String {
        let text = string(key)
        let isValid =
            !text.isEmpty && text.utf8.count <= 128
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || extra.contains($0)) }
        if !isValid { report(key, "\(text) may hold only letters, digits and \(extra)") }
        return text
    }

    /// Returns the elements of a comma list; the list is empty for the word `all`.
    func list(_ key: ConfigurationKey) -> [String] {
        guard let text = text(key), text != "all" else { return [] }
        return text.split(separator: ",").map { $0.trimmingBlanks() }.filter { !$0.isEmpty }
    }

    mutating func accounts(_ key: ConfigurationKey) -> [AccountFilter] {
        list(key).compactMap { text in
            let filter = AccountFilter(text)
            if filter == nil {
                report(
                    key,
                    "\(text) is neither an account id of twelve digits nor name:GLOB, ou:/PATH or tag:KEY=VALUE"
                )
            }
            return filter
        }
    }

    mutating func toggle(_ key: ConfigurationKey) -> Bool {
        switch string(key) {
        case "on": return true
        case "off": return false
        default:
            report(key, "\(string(key)) is neither on nor off")
            return true
        }
    }

    mutating func schedule(_ key: ConfigurationKey) -> Schedule {
        do {
            return try Schedule(string(key))
        } catch {
            report(key, error.description)
            return .off
        }
    }

    mutating func listen() -> ListenAddress? {
        let address = ListenAddress(string(.listen))
        if address == nil { report(.listen, "\(string(.listen)) is not an address such as 0.0.0.0:8080") }
        return address
    }

    mutating func url(_ key: ConfigurationKey) -> String? {
        guard let text = text(key) else { return nil }
        let rest = ["http://", "https://"].compactMap { text.hasPrefix($0) ? text.dropFirst($0.count) : nil }.first
        let isURL = rest.map { !$0.isEmpty && !$0.hasPrefix("/") && !$0.contains(where: \.isWhitespace) } ?? false
        if !isURL { report(key, "\(text) is not an http:// or https:// URL with a host") }
        return text
    }
}

extension StringProtocol {
    /// The text without white space at either end.
    func trimmingBlanks() -> String {
        let text = drop(while: \.isWhitespace)
        guard let last = text.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(text[...last])
    }
}
