/// The head of an answer: a status line, and headers.
enum HTTPHead {
    /// The headers in their order; a line that continues the one before it is joined to it, as RFC 9112, section 5.2, asks.
    static func headers(_ head: [UInt8]) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        for line in head.split(separator: UInt8(ascii: "\n")).dropFirst() {
            if line.first == 0x20 || line.first == 0x09, let last = headers.indices.last {
                headers[last].value += " " + text(line)
            } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
                headers.append((text(line[..<colon]), text(line[(colon + 1)...])))
            }
        }
        return headers
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var rest = bytes
        while let first = rest.first, isBlank(first) { rest.removeFirst() }
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return String(decoding: rest, as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
