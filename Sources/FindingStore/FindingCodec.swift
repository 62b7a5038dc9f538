internal import Compression
package import Domain
package import JSON

/// The form of findings in an item: gzipped JSON, a row `[id, severity, package, version, fixed version, score]` for each.
package enum FindingCodec {
    /// Bytes after decompression; no image comes near, and a damaged or hostile item cannot fill the memory.
    private static let largestJSON = 256 << 20

    static func encode(_ findings: [Finding]) throws -> [UInt8] {
        var json = JSONWriter()
        write(findings, to: &json)
        return try Gzip.compress(json.drain())
    }

    static func decode(_ bytes: [UInt8]) throws -> [Finding] {
        try JSONCursor.parse(try Gzip.decompress(bytes, limit: largestJSON)) { try read(&$0) }
    }

    /// Reads an array of rows; skips columns that a later version may add.
    package static func read(_ json: inout JSONCursor) throws -> [Finding] { try json.readList { try finding(&$0) } }

    /// Writes an array of rows, with null for an unknown fixed version or score.
    package static func write(_ findings: [Finding], to json: inout JSONWriter) {
        json.beginArray()
        for finding in findings {
            json.beginArray()
            json.string(finding.key.vulnerability)
            json.string(finding.severity.rawValue)
            json.string(finding.key.package)
            json.string(finding.key.version)
            if let fixed = finding.fixedVersion { json.string(fixed) } else { json.null() }
            if let score = finding.score { json.number(score) } else { json.null() }
            json.endArray()
        }
        json.endArray()
    }

    private static func finding(_ json: inout JSONCursor) throws -> Finding {
        var texts: [String] = []
        var fixed: String?
        var score: Double?
        var column = 0
        try json.readArray { cell in
            switch column {
            case 0..<4: texts.append(try cell.readString())
            case 4: fixed = try cell.readOptional { try $0.readString() }
            case 5: score = try cell.readOptional { try $0.readDouble() }
            default: try cell.skip()  // A later version may add columns.
            }
            column += 1
        }
        guard texts.count == 4 else { throw json.missing("a finding's first four columns") }
        return Finding(
            key: Finding.Key(vulnerability: texts[0], package: texts[2], version: texts[3]),
            severity: Severity(rawValue: texts[1]),
            fixedVersion: fixed,
            score: score
        )
    }
}
