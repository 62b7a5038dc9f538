internal import Cryptography
internal import Domain
internal import JSON

/// A hash of an image's stored content: two statuses have the same fingerprint exactly if nothing stored differs.
enum Fingerprint {
    static func of(_ status: ImageStatus) -> String {
        var json = JSONWriter()
        json.beginArray()
        json.beginArray()
        for tag in status.image.tags { json.string(tag) }
        json.endArray()
        write(status.image.pushedAt, to: &json)
        json.string(status.coverage.state.rawValue)
        if let reason = status.coverage.reason { json.string(reason) } else { json.null() }
        write(status.coverage.at, to: &json)
        write(status.counts, to: &json)
        FindingCodec.write(status.findings, to: &json)
        json.endArray()
        return Hexadecimal.encode(SHA256.hash(json.drain()))
    }

    private static func write(_ number: Double?, to json: inout JSONWriter) {
        if let number { json.number(number) } else { json.null() }
    }

    private static func write(_ counts: [Severity: Int]?, to json: inout JSONWriter) {
        guard let counts else { return json.null() }
        json.beginObject()
        for (severity, count) in counts.sorted(by: { $0.key > $1.key }) {
            json.key(severity.rawValue)
            json.number(count)
        }
        json.endObject()
    }
}
