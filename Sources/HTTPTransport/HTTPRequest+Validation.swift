extension HTTPRequest {
    /// Scheme, host and port, by which connections are counted.
    var origin: String {
        let bytes = url.utf8
        var slashes = 0
        let end = bytes.firstIndex { byte in
            if byte == UInt8(ascii: "/") { slashes += 1 }
            return slashes == 3 || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
        }
        return String(url[..<(end ?? bytes.endIndex)])
    }

    /// Refuses a request that would not arrive as written.
    ///
    /// A line break in a header would start another header, and a NUL would end the text.
    func validate() throws(HTTPTransportError) {
        guard method.utf8.isToken else { throw .invalidRequest("the method is not a word") }
        guard url.utf8.allBytes({ $0 > 0x20 && $0 != 0x7F }) else {
            throw .invalidRequest("the URL is not percent-encoded")
        }
        guard url.utf8.startsIgnoringCase(with: "http://") || url.utf8.startsIgnoringCase(with: "https://") else {
            throw .invalidRequest("the URL's scheme is neither http nor https")
        }
        guard method != "HEAD" || body.isEmpty else { throw .invalidRequest("a HEAD request has no body") }
        for (name, value) in headers {
            guard name.utf8.isToken else { throw .invalidRequest("a header's name is not a word") }
            guard value.utf8.allBytes({ $0 >= 0x20 || $0 != 0 && $0 != 0x0A && $0 != 0x0D }) else {
                throw .invalidRequest("the header \(name) holds a line break or a NUL")
            }
        }
    }
}

extension String.UTF8View {
    /// Whether this is a token as RFC 9110, section 5.6.2, has it.
    fileprivate var isToken: Bool {
        !isEmpty
            && allBytes { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true  // !#$%&'*+-.^_`|~
                default: false
                }
            }
    }
}
