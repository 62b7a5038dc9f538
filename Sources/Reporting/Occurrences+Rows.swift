internal import Compression
internal import Domain
internal import JSON

extension Occurrences {
    private static let rowsAtOnce = 500
    /// A limit far above any real list of rows, so that damaged bytes cannot fill the memory.
    private static let largestRows = 64 << 20

    /// Lists of rows as compressed JSON, sorted by id; the rows contain no places.
    func rows() throws -> [[UInt8]] {
        let sorted = byID.sorted { $0.key < $1.key }
        return try stride(from: 0, to: sorted.count, by: Self.rowsAtOnce).map { start in
            var json = JSONWriter()
            json.array(sorted[start..<min(start + Self.rowsAtOnce, sorted.count)]) {
                $1.value.write(to: &$0, id: $1.key)
            }
            return try Gzip.compress(json.drain(), level: 1)
        }
    }

    /// Adds one list of rows; `index` is the index of their registry, or nil if places are not counted.
    mutating func add(rows: [UInt8], registry index: Int?) throws {
        let json = try Gzip.decompress(rows, limit: Self.largestRows)
        for row in try JSONCursor.parse(json, { try $0.readList { try Entry.row(&$0) } }) {
            add(row.id, row.entry, registry: index)
        }
    }
}

extension Occurrences.Entry {
    fileprivate func write(to json: inout JSONWriter, id: String) {
        json.beginArray()
        json.string(id)
        json.string(worst.rawValue)
        for number in [entries, images, fixable] { json.number(number) }
        if let score { json.number(score) } else { json.null() }
        for name in packages { json.string(name) }
        json.endArray()
    }

    /// Reads a row and its id.
    fileprivate static func row(_ json: inout JSONCursor) throws -> (id: String, entry: Self) {
        var id = ""
        var entry = Self(worst: .undefined)
        var column = 0
        try json.readArray { cell in
            switch column {
            case 0: id = try cell.readString()
            case 1: entry.worst = Severity(rawValue: try cell.readString())
            case 2: entry.entries = try cell.readInt()
            case 3: entry.images = try cell.readInt()
            case 4: entry.fixable = try cell.readInt()
            case 5: entry.score = try cell.readOptional { try $0.readDouble() }
            default: entry.add(package: try cell.readString())
            }
            column += 1
        }
        return (id, entry)
    }
}
