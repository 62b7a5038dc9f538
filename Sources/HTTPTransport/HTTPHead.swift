/// The head of an answer as it came: a status line, and headers.
///
/// Few headers are ever read, so each is searched for on demand.
struct HTTPHead: Sendable {
    private let bytes: [UInt8]
    /// Whether libcurl may have decompressed the body, so that `Content-Encoding` and `Content-Length` no longer apply.
    private let mayBeDecompressed: Bool

    init(_ bytes: [UInt8], mayBeDecompressed: Bool) {
        self.bytes = bytes
        self.mayBeDecompressed = mayBeDecompressed
    }

    /// The headers in their order; continuation lines are joined to the line before (RFC 9112, section 5.2).
    var headers: [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        headers.reserveCapacity(16)
        var start = end(of: 0) + 1
        while start < bytes.count {
            let end = end(of: start)
            if isContinuation(start), let last = headers.indices.last {
                headers[last].value += " " + text(start..<end)
            } else if let colon = bytes[start..<end].firstIndex(of: UInt8(ascii: ":")) {
                headers.append((text(start..<colon), text(colon + 1..<end)))
            }
            start = end + 1
        }
        return mayBeDecompressed ? Self.afterDecompression(headers) : headers
    }

    /// The first value of a header, its name compared without case.
    func value(of name: String) -> String? {
        var start = end(of: 0) + 1
        while start < bytes.count {
            let end = end(of: start)
            if isHeader(name.utf8.span, at: start) {
                // Both cases are rare and depend on other lines, so the whole head is read.
                guard !mayBeDecompressed, !isContinuation(end + 1) else {
                    return headers.first { $0.name.utf8.equalsIgnoringCase(name.utf8) }?.value
                }
                return text(start + name.utf8.count + 1..<end)
            }
            start = end + 1
        }
        return nil
    }

    private func isHeader(_ name: Span<UInt8>, at start: Int) -> Bool {
        let colon = start + name.count
        guard colon < bytes.count, bytes[colon] == UInt8(ascii: ":") else { return false }
        return String.UTF8View.areEqualIgnoringCase(bytes.span.extracting(start..<colon), name)
    }

    private static func afterDecompression(
        _ headers: [(name: String, value: String)]
    ) -> [(name: String, value: String)] {
        guard headers.contains(where: { $0.name.utf8.equalsIgnoringCase("Content-Encoding".utf8) }) else {
            return headers
        }
        return headers.filter { header in
            !["Content-Encoding", "Content-Length"].contains { header.name.utf8.equalsIgnoringCase($0.utf8) }
        }
    }

    private func isContinuation(_ start: Int) -> Bool {
        start < bytes.count && (bytes[start] == 0x20 || bytes[start] == 0x09)
    }

    /// Where the line ends that begins at `start`.
    private func end(of start: Int) -> Int {
        let bytes = bytes.span
        var index = start
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
        return index
    }

    /// The text of a range, without the blanks around it.
    private func text(_ range: Range<Int>) -> String {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, Self.isBlank(bytes[start]) { start += 1 }
        while start < end, Self.isBlank(bytes[end - 1]) { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
