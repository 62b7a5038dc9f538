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

    /// The whole text, in UTF-8.
    package let bytes: [UInt8]
    /// The names that the signature covers, sorted and joined with semicolons.
    package let signedHeaders: String

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Spells a request; `path` is percent-encoded as it is sent, `query` is not encoded at all.
    package init(
        method: String,
        path: String,
        style: PathStyle,
        query: [(name: String, value: String)],
        headers: [(name: String, value: String)],
        payloadHash: String
    ) {
        let sorted = Self.sorted(headers)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1536)
        for line in [method, Self.path(path, style), Self.query(query)] {
            bytes.append(contentsOf: line.utf8)
            bytes.append(Self.newline)
        }
        signedHeaders = Self.append(sorted, to: &bytes)
        bytes.append(Self.newline)
        bytes.append(contentsOf: signedHeaders.utf8)
        bytes.append(Self.newline)
        bytes.append(contentsOf: payloadHash.utf8)
        self.bytes = bytes
    }

    private static let newline = UInt8(ascii: "\n")

    /// The query as it is sent and signed: names and values encoded, sorted by their encoded form.
    package static func query(_ query: [(name: String, value: String)]) -> String {
        guard !query.isEmpty else { return "" }
        return query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            .map { "\($0.0)=\($0.1)" }
            .joined(separator: "&")
    }

    private static func path(_ path: String, _ style: PathStyle) -> String {
        switch style {
        case .verbatim: return path.isEmpty ? "/" : path
        case .normalized:
            guard path != "/" else { return path }
            var segments: [Substring] = []
            for segment in path.split(separator: "/") where segment != "." {
                if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
            }
            guard !segments.isEmpty else { return "/" }
            let normal = "/" + segments.joined(separator: "/") + (path.hasSuffix("/") ? "/" : "")
            return PercentEncoding.encode(normal, keeping: [UInt8(ascii: "/")])
        }
    }

    /// Lower-case names in order, those of equal names in the order given: insertion keeps it, and beats a general sort for
    /// as few as there are.
    private static func sorted(_ headers: [(name: String, value: String)]) -> [(name: String, value: String)] {
        var sorted: [(name: String, value: String)] = []
        sorted.reserveCapacity(headers.count)
        for header in headers {
            let name = header.name.lowercased()
            let place = sorted.lastIndex { $0.name <= name }.map { $0 + 1 } ?? 0
            sorted.insert((name, header.value), at: place)
        }
        return sorted
    }

    /// Appends a line for each name, equal names' values joined with commas, and answers the names.
    private static func append(_ sorted: [(name: String, value: String)], to bytes: inout [UInt8]) -> String {
        var names = ""
        for (index, header) in sorted.enumerated() {
            if index > 0, sorted[index - 1].name == header.name {
                bytes[bytes.count - 1] = UInt8(ascii: ",")
            } else {
                names += index > 0 ? ";" + header.name : header.name
                bytes.append(contentsOf: header.name.utf8)
                bytes.append(UInt8(ascii: ":"))
            }
            appendCollapsed(header.value, to: &bytes)
            bytes.append(newline)
        }
        return names
    }

    /// Without blanks at the ends, and one for each run of them inside.
    private static func appendCollapsed(_ value: String, to bytes: inout [UInt8]) {
        guard hasBlank(value.utf8.span) else { return bytes.append(contentsOf: value.utf8) }
        let start = bytes.count
        var isSeparated = false
        for byte in value.utf8 {
            if isBlank(byte) {
                isSeparated = bytes.count > start
            } else {
                if isSeparated { bytes.append(0x20) }
                bytes.append(byte)
                isSeparated = false
            }
        }
    }

    private static func hasBlank(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices where isBlank(bytes[index]) { return true }
        return false
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
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
