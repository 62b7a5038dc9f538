internal import Cryptography

/// A request in the one spelling that both sides hash; source: the AWS General Reference, "Create a canonical request".
package struct CanonicalRequest: Sendable, Hashable {
    /// How the path is spelt.
    package enum PathStyle: Sendable, Hashable {
        /// Dot segments and doubled slashes removed, then encoded once more than it is sent.
        case normalized
        /// As it is sent: S3's keys may hold what looks like a dot segment.
        case verbatim
    }

    /// The whole text.
    package let text: String
    /// The names that the signature covers, sorted and joined with semicolons.
    package let signedHeaders: String

    /// Spells a request; `path` is percent-encoded as it is sent, `query` is not encoded at all.
    package init(
        method: String,
        path: String,
        style: PathStyle,
        query: [(name: String, value: String)],
        headers: [(name: String, value: String)],
        payloadHash: String
    ) {
        let merged = Self.merged(headers)
        signedHeaders = merged.map(\.name).joined(separator: ";")
        text =
            method + "\n" + Self.path(path, style) + "\n" + Self.query(query) + "\n"
            + merged.map { "\($0.name):\($0.value)\n" }.joined() + "\n" + signedHeaders + "\n" + payloadHash
    }

    /// The query as it is sent and signed: names and values encoded, sorted by their encoded form.
    package static func query(_ query: [(name: String, value: String)]) -> String {
        query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            .map { "\($0.0)=\($0.1)" }
            .joined(separator: "&")
    }

    private static func path(_ path: String, _ style: PathStyle) -> String {
        switch style {
        case .verbatim: return path.isEmpty ? "/" : path
        case .normalized:
            var segments: [Substring] = []
            for segment in path.split(separator: "/") where segment != "." {
                if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
            }
            guard !segments.isEmpty else { return "/" }
            let normal = "/" + segments.joined(separator: "/") + (path.hasSuffix("/") ? "/" : "")
            return PercentEncoding.encode(normal, keeping: [UInt8(ascii: "/")])
        }
    }

    /// Lower-case names in order, the values of equal names joined in the order given.
    private static func merged(_ headers: [(name: String, value: String)]) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for header in headers { values[header.name.lowercased(), default: []].append(collapsed(header.value)) }
        return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.joined(separator: ",")) }
    }

    /// Without blanks at the ends, and one for each run of them inside.
    private static func collapsed(_ value: String) -> String {
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
        guard value.utf8.contains(where: blanks.contains) else { return value }
        let words = value.utf8.split(whereSeparator: blanks.contains)
        return String(decoding: Array(words.joined(separator: [0x20])), as: UTF8.self)
    }
}

/// Percent-encoding as SigV4 wants it: everything but RFC 3986's unreserved characters, with upper-case digits.
package enum PercentEncoding {
    /// Encodes the UTF-8 of `text`; bytes in `keeping` stay as they are.
    package static func encode(_ text: String, keeping: Set<UInt8> = []) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if isUnreserved(byte) || keeping.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }
}
