internal import JSON

/// How many findings were opened and resolved on one UTC day.
struct DayChanges: Hashable {
    var opened = 0
    var resolved = 0
    /// How many of the resolved findings have a known first-seen time.
    var fixed = 0
    /// The sum of the times for which the `fixed` findings were open, in seconds.
    var secondsToFix = 0

    mutating func add(_ other: DayChanges) {
        opened += other.opened
        resolved += other.resolved
        fixed += other.fixed
        secondsToFix += other.secondsToFix
    }

    /// Writes the counts as members of the open object.
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
