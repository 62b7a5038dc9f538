internal import Cryptography

/// The form of a request that client and AWS both hash (AWS General Reference, "Create a canonical request").
package struct CanonicalRequest: Sendable, Hashable {
    /// How the path is normalised and encoded.
    package enum PathStyle: Sendable, Hashable {
        /// Dot segments and doubled slashes removed, then encoded once more than it is sent.
        case normalized
        /// As it is sent, for S3: an object key may contain `.` or `..` between slashes.
        case verbatim
    }

    /// The whole text, in UTF-8.
    package let bytes: [UInt8]
    /// The names that the signature covers, sorted and joined with semicolons.
    package let signedHeaders: String

    /// `bytes` as a string, for comparison with AWS' test vectors.
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
        let order = Self.order(headers)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1536)
        for line in [method, Self.path(path, style), Self.query(query)] {
            bytes.append(contentsOf: line.utf8)
            bytes.append(Self.newline)
        }
        signedHeaders = Self.append(headers, in: order, to: &bytes)
        bytes.append(Self.newline)
        bytes.append(contentsOf: signedHeaders.utf8)
        bytes.append(Self.newline)
        bytes.append(contentsOf: payloadHash.utf8)
        self.bytes = bytes
    }

    /// Spells a signer's subject.
    package init(_ subject: SigV4Signer.Subject) {
        self.init(
            method: subject.method,
            path: subject.path,
            style: subject.style,
            query: subject.query,
            headers: subject.headers,
            payloadHash: subject.payloadHash
        )
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

    /// The headers' indices, sorted by their names in lower case; headers of equal names keep their order.
    ///
    /// An insertion sort keeps it, and is faster than the general sort for so few headers.
    private static func order(_ headers: [(name: String, value: String)]) -> [Int] {
        var order: [Int] = []
        order.reserveCapacity(headers.count)
        for index in headers.indices {
            let name = headers[index].name.utf8.span
            let before = order.lastIndex { compare(headers[$0].name.utf8.span, name) <= 0 }
            order.insert(index, at: before.map { $0 + 1 } ?? 0)
        }
        return order
    }

    /// Below, at or above zero as `left` comes before, equals or comes after `right`, both in lower case.
    private static func compare(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
        for index in 0..<min(left.count, right.count) {
            let difference = Int(lower(left[index])) - Int(lower(right[index]))
            if difference != 0 { return difference }
        }
        return left.count - right.count
    }

    /// Appends a line for each name, joining the values of equal names with commas; returns the list of names.
    private static func append(
        _ headers: [(name: String, value: String)],
        in order: [Int],
        to bytes: inout [UInt8]
    ) -> String {
        var names: [UInt8] = []
        names.reserveCapacity(160)
        var previous: Int?
        for index in order {
            let name = headers[index].name.utf8.span
            if let previous, compare(headers[previous].name.utf8.span, name) == 0 {
                bytes[bytes.count - 1] = UInt8(ascii: ",")
            } else {
                if previous != nil { names.append(UInt8(ascii: ";")) }
                for place in name.indices {
                    names.append(lower(name[place]))
                    bytes.append(lower(name[place]))
                }
                bytes.append(UInt8(ascii: ":"))
            }
            appendCollapsed(headers[index].value, to: &bytes)
            bytes.append(newline)
            previous = index
        }
        return String(decoding: names, as: UTF8.self)
    }

    private static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

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
