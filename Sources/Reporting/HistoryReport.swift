internal import Compression
internal import Domain
internal import JSON

/// `history.json`: the totals of each UTC day by that day's last report, newest day last.
struct HistoryReport {
    /// One day.
    struct Day: Hashable {
        var day: String
        var images: [SeverityBucket: Int] = [:]
        var findings: [SeverityBucket: Int] = [:]
        var vulnerabilities = 0
        var changes = DayChanges()
    }

    /// The totals of one report.
    struct Note {
        var day: String
        var tally: CoverageCounts
        var vulnerabilities: Int
        /// Opened and resolved findings by UTC day, summed over all registries.
        var changes: [String: DayChanges]
    }

    static let name = "history.json"
    static let mostDays = 400
    private static let largestJSON = 16 << 20

    private(set) var days: [Day]

    init(days: [Day] = []) { self.days = days }

    /// Reads the previous report's file, compressed as it is stored.
    init(reading compressed: [UInt8]) throws {
        days = try JSONCursor.parse(try Gzip.decompress(compressed, limit: Self.largestJSON)) { json in
            var days: [Day] = []
            try json.readObject { key, value in
                if key == "days" { days = try value.readList { try Day(reading: &$0) } }
            }
            return days
        }
    }

    /// Records a report's totals, replacing an earlier report of the same day.
    ///
    /// Each registry counts its own changes and they are only summed here, so that a repeated report counts nothing
    /// twice. A removed registry takes its counts with it: the sum is therefore ignored where it is less than the
    /// recorded one.
    mutating func add(_ note: Note) {
        var today = days.last { $0.day == note.day } ?? Day(day: note.day)
        today.images = note.tally.classes
        today.findings = [:]
        for (severity, count) in note.tally.findings {
            today.findings[SeverityBucket(severity: severity), default: 0] += count
        }
        today.vulnerabilities = note.vulnerabilities
        days.removeAll { $0.day == note.day }
        days.append(today)
        days.sort { $0.day < $1.day }
        days.removeFirst(max(0, days.count - Self.mostDays))
        for index in days.indices {
            guard let summed = note.changes[days[index].day] else { continue }
            let known = days[index].changes
            if summed.opened >= known.opened && summed.resolved >= known.resolved { days[index].changes = summed }
        }
    }

    /// The whole file, compressed.
    func document(generatedAt: Double) throws -> DocumentWriter {
        var document = try DocumentWriter()
        document.json.object { json in
            json.member("version", 1)
            json.member("generated_at", time: generatedAt)
            json.array("days", days) { json, day in json.object { day.write(to: &$0) } }
        }
        document.finish()
        return document
    }
}

extension HistoryReport.Day {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("day", day)
        json.object("images") { json in
            for name in SeverityBucket.allCases { json.member(name.rawValue, images[name, default: 0]) }
        }
        json.object("findings") { json in
            for name in SeverityBucket.severities { json.member(name.rawValue, findings[name, default: 0]) }
        }
        json.member("vulnerabilities", vulnerabilities)
        changes.write(to: &json)
    }

    fileprivate init(reading json: inout JSONCursor) throws {
        self.init(day: "")
        try json.readObject { key, value in
            switch key {
            case "day": day = try value.readString()
            case "images": images = try Self.counts(from: &value)
            case "findings": findings = try Self.counts(from: &value)
            case "vulnerabilities": vulnerabilities = try value.readInt()
            default: try changes.read(key, from: &value)
            }
        }
    }

    /// Reads counts by bucket; unknown names are skipped.
    private static func counts(from json: inout JSONCursor) throws -> [SeverityBucket: Int] {
        var counts: [SeverityBucket: Int] = [:]
        try json.readObject { key, value in
            if let name = SeverityBucket(rawValue: key) { counts[name] = try value.readInt() }
        }
        return counts
    }
}
