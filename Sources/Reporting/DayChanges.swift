internal import JSON

/// How many findings came and went on one day.
struct DayChanges: Hashable {
    var opened = 0
    var resolved = 0
    /// Resolved findings whose first sight is known.
    var fixed = 0
    /// How long these were open together, in seconds.
    var secondsToFix = 0

    mutating func add(_ other: DayChanges) {
        opened += other.opened
        resolved += other.resolved
        fixed += other.fixed
        secondsToFix += other.secondsToFix
    }

    /// Writes the counts as members of the object that is open.
    func write(to json: inout JSONWriter) {
        json.member("opened", opened)
        json.member("resolved", resolved)
        json.object("time_to_fix") { json in
            json.member("count", fixed)
            json.member("seconds", secondsToFix)
        }
    }

    /// Reads one member that `write` wrote; others are skipped.
    mutating func read(_ key: String, from json: inout JSONCursor) throws {
        switch key {
        case "opened": opened = try json.readInt()
        case "resolved": resolved = try json.readInt()
        case "time_to_fix":
            try json.readObject { key, value in
                if key == "count" { fixed = try value.readInt() }
                if key == "seconds" { secondsToFix = try value.readInt() }
            }
        default: break
        }
    }

    /// Reads counts by day.
    static func byDay(from json: inout JSONCursor) throws -> [String: DayChanges] {
        var days: [String: DayChanges] = [:]
        try json.readObject { day, value in
            var changes = DayChanges()
            try value.readObject { try changes.read($0, from: &$1) }
            days[day] = changes
        }
        return days
    }
}
