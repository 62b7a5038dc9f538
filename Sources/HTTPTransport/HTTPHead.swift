/// The head of an answer: a status line, and headers.
enum HTTPHead {
    /// The headers in their order; a line that continues the one before it is joined to it, as RFC 9112, section 5.2, asks.
    static func headers(_ head: [UInt8]) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        headers.reserveCapacity(16)
        var start = end(of: 0, in: head) + 1
        while start < head.count {
            let end = end(of: start, in: head)
            if head[start] == 0x20 || head[start] == 0x09, let last = headers.indices.last {
                headers[last].value += " " + text(head, start..<end)
            } else if let colon = head[start..<end].firstIndex(of: UInt8(ascii: ":")) {
                headers.append((text(head, start..<colon), text(head, colon + 1..<end)))
            }
            start = end + 1
        }
        return headers
    }

    /// The headers that still hold after libcurl has decompressed the body.
    static func afterDecompression(_ headers: [(name: String, value: String)]) -> [(name: String, value: String)] {
        guard headers.contains(where: { $0.name.utf8.equalsIgnoringCase("Content-Encoding".utf8) }) else {
            return headers
        }
        return headers.filter { header in
            !["Content-Encoding", "Content-Length"].contains { header.name.utf8.equalsIgnoringCase($0.utf8) }
        }
    }

    /// Where the line ends that begins at `start`.
    private static func end(of start: Int, in head: [UInt8]) -> Int {
        var index = start
        while index < head.count, head[index] != UInt8(ascii: "\n") { index += 1 }
        return index
    }

    /// The text of a range, without the blanks around it.
    private static func text(_ head: [UInt8], _ range: Range<Int>) -> String {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isBlank(head[start]) { start += 1 }
        while start < end, isBlank(head[end - 1]) { end -= 1 }
        return String(decoding: head[start..<end], as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
