internal import Domain
internal import FoundationEssentials
internal import JSON
internal import Notifications
internal import Support

/// A JSON file of routes or suppressions, read strictly.
///
/// A misspelt name is a problem; if it were ignored, the rule would match more or less than was meant.
struct RuleFile {
    /// The rules of one file.
    struct Contents {
        var routes: [Routes.Route] = []
        var roomURLs: [String: String] = [:]
        var suppressions: [Suppression] = []
    }

    /// Why a file cannot be used, with the number of the rule, counted from 1.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads `{"routes":[…],"rooms":{…}}` or `{"suppressions":[…]}` from a path.
    static func read(_ path: String) throws(Problem) -> Contents {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Problem(description: "\(path) cannot be read")
        }
        do {
            return try JSONCursor.parse(Array(data)) { try contents(&$0) }
        } catch let problem as Problem {
            throw Problem(description: "\(path): \(problem)")
        } catch {
            throw Problem(description: "\(path): \(error)")
        }
    }

    private static func contents(_ json: inout JSONCursor) throws -> Contents {
        var contents = Contents()
        try json.readObject { key, value in
            switch key {
            case "routes": contents.routes = try rules(&value, key).map(route)
            case "suppressions": contents.suppressions = try rules(&value, key).map(suppression)
            case "rooms": try value.readObject { contents.roomURLs[$0] = try $1.readString() }
            default: throw Problem(description: "\(key) is none of routes, rooms, suppressions")
            }
        }
        return contents
    }

    /// One rule: its name for problems, and its members.
    private typealias Rule = (name: String, members: [String: String])

    private static func rules(_ json: inout JSONCursor, _ name: String) throws -> [Rule] {
        var rules: [Rule] = []
        try json.readArray { rule in
            var members: [String: String] = [:]
            try rule.readObject { key, value in
                guard members.updateValue(try value.readString(), forKey: key) == nil else {
                    throw Problem(description: "\(name) \(rules.count + 1): \(key) stands twice")
                }
            }
            rules.append(("\(name) \(rules.count + 1)", members))
        }
        return rules
    }

    private static func route(_ rule: Rule) throws -> Routes.Route {
        try check(rule, allowed: ["room", "account", "organizational_unit", "repository"])
        if let unit = rule.members["organizational_unit"], !unit.hasPrefix("/"), !unit.hasPrefix("*") {
            let wish = "organizational_unit is a path such as /Prod/Payments"
            throw Problem(description: "\(rule.name): \(wish), not \(unit)")
        }
        return Routes.Route(
            room: try required("room", of: rule),
            account: glob("account", of: rule),
            organizationalUnit: glob("organizational_unit", of: rule),
            repository: glob("repository", of: rule)
        )
    }

    private static func suppression(_ rule: Rule) throws -> Suppression {
        try check(rule, allowed: ["vulnerability", "package", "account", "repository", "reason", "expires"])
        let day = try required("expires", of: rule)
        guard let end = UTCDay(day)?.end else {
            throw Problem(description: "\(rule.name): expires is a day such as 2027-03-31, not \(day)")
        }
        return Suppression(
            scope: Suppression.Scope(
                vulnerability: glob("vulnerability", of: rule),
                package: glob("package", of: rule),
                account: glob("account", of: rule),
                repository: glob("repository", of: rule)
            ),
            reason: try required("reason", of: rule),
            expires: end
        )
    }

    private static func check(_ rule: Rule, allowed: Set<String>) throws {
        guard let unknown = Set(rule.members.keys).subtracting(allowed).min() else { return }
        throw Problem(description: "\(rule.name): \(unknown) is none of \(allowed.sorted().joined(separator: ", "))")
    }

    private static func required(_ name: String, of rule: Rule) throws -> String {
        guard let text = rule.members[name], !text.trimmingBlanks().isEmpty else {
            throw Problem(description: "\(rule.name): \(name) is missing")
        }
        return text
    }

    private static func glob(_ name: String, of rule: Rule) -> Glob { Glob(rule.members[name] ?? "*") }
}

/// A day in UTC, written `YYYY-MM-DD`.
private struct UTCDay {
    /// Seconds since 1970 at which the next day begins.
    let end: Double

    /// Returns nil when the text is not a day of the calendar; the arithmetic is Howard Hinnant's `days_from_civil`.
    init?(_ text: String) {
        let fields = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count == 10, fields.map(\.count) == [4, 2, 2], fields.allSatisfy({ $0.allSatisfy(\.isNumber) }),
            let year = Int(fields[0]), let month = Int(fields[1]), let day = Int(fields[2]), (1...12).contains(month)
        else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        // A day that the month does not have, such as 31 April, reads back as another day.
        guard UTCTime(seconds: days * 86_400).text.hasPrefix(text) else { return nil }
        end = Double((days + 1) * 86_400)
    }
}
