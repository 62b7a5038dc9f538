internal import Domain
internal import JSON

/// `<account>/<region>.json`: every image of one registry, with its findings as rows in the order that `fields` names.
///
/// Each image has a line of its own, so that the next report can read this one as a stream and compare.
struct RegionReport {
    var document: DocumentWriter
    private var repository: RepositoryName?

    private static let fields = ["id", "severity", "package", "version", "fixed_version", "score", "seen"]

    static func name(of registry: Registry) -> String { "\(registry.account)/\(registry.region).json" }

    init(_ registry: Registry) throws {
        document = try DocumentWriter()
        document.json.beginObject()
        document.json.member("account", registry.account.rawValue)
        document.json.member("region", registry.region.rawValue)
        document.json.array("fields", Self.fields) { $0.string($1) }
        document.json.key("repositories")
        document.json.beginArray()
        document.json.newline()
    }

    mutating func add(_ judged: JudgedImage, _ ages: FindingAges) {
        begin(judged.image.place.repository.name)
        let times = Array(Set(ages.since + ages.lastKnown.map(\.since))).sorted()
        let index = Dictionary(uniqueKeysWithValues: zip(times, times.indices))
        document.json.object { json in
            json.member("digest", judged.image.place.digest.rawValue)
            json.array("tags", judged.image.tags) { $0.string($1) }
            json.member("pushed_at", time: judged.image.pushedAt)
            json.object("coverage") { judged.coverage.write(to: &$0) }
            json.array("times", times) { $0.string(ReportTime(secondsSince1970: $1).iso8601) }
            json.array("findings", zip(judged.findings, ages.since)) { $1.0.write(to: &$0, seen: index[$1.1] ?? 0) }
            guard !ages.lastKnown.isEmpty else { return }
            json.array("last_known", ages.lastKnown) { $1.finding.write(to: &$0, seen: index[$1.since] ?? 0) }
        }
        document.json.newline()
        document.flush()
    }

    /// Ends the file; `changes` are by UTC day.
    mutating func finish(changes: [String: DayChanges]) {
        endRepository()
        document.json.endArray()
        document.json.object("changes") { json in
            for (day, counts) in changes.sorted(by: { $0.key < $1.key }) { json.object(day) { counts.write(to: &$0) } }
        }
        document.json.endObject()
        document.json.newline()
        document.finish()
    }

    private mutating func begin(_ name: RepositoryName) {
        guard name != repository else { return }
        endRepository()
        repository = name
        document.json.beginObject()
        document.json.member("name", name.rawValue)
        document.json.key("images")
        document.json.beginArray()
        document.json.newline()
    }

    private mutating func endRepository() {
        guard repository != nil else { return }
        repository = nil
        document.json.endArray()
        document.json.endObject()
        document.json.newline()
    }
}

extension Finding {
    fileprivate func write(to json: inout JSONWriter, seen: Int) {
        json.beginArray()
        json.string(key.vulnerability)
        json.string(severity.rawValue)
        json.string(key.package)
        json.string(key.version)
        if let fixedVersion { json.string(fixedVersion) } else { json.null() }
        if let score { json.number(score) } else { json.null() }
        json.number(seen)
        json.endArray()
    }
}

extension DayChanges {
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
