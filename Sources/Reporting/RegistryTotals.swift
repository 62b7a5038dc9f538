internal import Compression
internal import JSON

/// A registry's share of the organization's counts, at the end of its segment.
struct RegistryTotals: Hashable {
    var tally = CoverageCounts()
    /// How many repositories have an obstacle.
    var obstacles = 0
    var changes: [String: DayChanges] = [:]
    /// The checksum of the registry's pieces of `findings.json`, as `index` is of those of `index.json`.
    var legacy = StreamChecksum()
    var index = StreamChecksum()
    /// The checksum of the registry's own file, which the segment belongs to.
    var region = StreamChecksum()

    init() {}

    /// The totals as one JSON object.
    var encoded: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            tally.write(to: &json)
            tally.writeClasses(to: &json)
            json.member("obstacles", obstacles)
            json.object("changes") { json in
                for (day, changes) in changes { json.object(day) { changes.write(to: &$0) } }
            }
            for (name, seal) in [("seed", legacy), ("index", index), ("region", region)] {
                json.member(name, seal: seal)
            }
        }
        return json.drain()
    }

    init(_ bytes: [UInt8]) throws {
        self = try JSONCursor.parse(bytes) { json in
            var totals = RegistryTotals()
            try json.readObject { try totals.read($0, from: &$1) }
            return totals
        }
    }

    private mutating func read(_ key: String, from json: inout JSONCursor) throws {
        switch key {
        case "obstacles": obstacles = try json.readInt()
        case "changes": changes = try DayChanges.byDay(from: &json)
        case "seed": legacy = try StreamChecksum(reading: &json)
        case "index": index = try StreamChecksum(reading: &json)
        case "region": region = try StreamChecksum(reading: &json)
        default: try tally.read(key, from: &json)
        }
    }
}
