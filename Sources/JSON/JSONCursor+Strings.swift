extension JSONCursor {
    /// Reads a string and resolves its escapes; invalid UTF-8 is an error, never repaired.
    package mutating func readString() throws(JSONSyntaxError) -> String {
        let (content, isEscaped) = try scanString()
        guard isEscaped else { return try text(bytes.span.extracting(content), at: content.lowerBound) }
        let unescaped = try unescaped(content)
        return try text(unescaped.span, at: content.lowerBound)
    }

    mutating func skipString() throws(JSONSyntaxError) {
        let (content, _) = try scanString()
        do {
            // Escapes are ASCII, so that the raw bytes are valid exactly where the text is.
            _ = try UTF8Span(validating: bytes.span.extracting(content))
        } catch {
            throw JSONSyntaxError(offset: content.lowerBound, problem: .invalidUTF8)
        }
    }

    private func text(_ content: Span<UInt8>, at offset: Int) throws(JSONSyntaxError) -> String {
        do {
            return String(copying: try UTF8Span(validating: content))
        } catch {
            throw JSONSyntaxError(offset: offset, problem: .invalidUTF8)
        }
    }

    /// Passes a string and checks its escapes; the range lies between the quotes.
    private mutating func scanString() throws(JSONSyntaxError) -> (content: Range<Int>, isEscaped: Bool) {
        try expect(UInt8(ascii: "\""), "a string")
        let start = index
        var isEscaped = false
        while true {
            index = Self.endOfPlainText(bytes.span, from: index)
            guard index < bytes.count else { throw problem(.unexpectedEnd) }
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return (start..<index - 1, isEscaped)
            case UInt8(ascii: "\\"):
                isEscaped = true
                _ = try scanEscape()
            default:
                throw problem(.controlCharacter)
            }
        }
    }

    /// The index of the first quote, backslash or control character; most bytes are plain text before one.
    private static func endOfPlainText(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            index += 1
        }
        return index
    }

    /// Passes one escape, or both escapes of a surrogate pair, and returns its character.
    private mutating func scanEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
        guard index + 1 < bytes.count else { throw problem(.unexpectedEnd) }
        if bytes[index + 1] == UInt8(ascii: "u") { return try scanUnicodeEscape() }
        guard let scalar = Self.simpleEscape(bytes[index + 1]) else { throw problem(.invalidEscape) }
        index += 2
        return scalar
    }

    private static func simpleEscape(_ letter: UInt8) -> Unicode.Scalar? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): Unicode.Scalar(letter)
        case UInt8(ascii: "b"): "\u{08}"
        case UInt8(ascii: "f"): "\u{0C}"
        case UInt8(ascii: "n"): "\n"
        case UInt8(ascii: "r"): "\r"
        case UInt8(ascii: "t"): "\t"
        default: nil
        }
    }

    private mutating func scanUnicodeEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
        let first = try scanHexUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(first) else { throw problem(.invalidEscape) }
        let second = try scanHexUnit()
        guard UTF16.isTrailSurrogate(second) else { throw problem(.invalidEscape) }
        let value = 0x1_0000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        guard let scalar = Unicode.Scalar(value) else { throw problem(.invalidEscape) }
        return scalar
    }

    /// Passes `\uXXXX`.
    private mutating func scanHexUnit() throws(JSONSyntaxError) -> UInt16 {
        if index < bytes.count, bytes[index] != UInt8(ascii: "\\") { throw problem(.invalidEscape) }
        if index + 1 < bytes.count, bytes[index + 1] != UInt8(ascii: "u") { throw problem(.invalidEscape) }
        guard index + 6 <= bytes.count else { throw problem(.unexpectedEnd) }
        var unit: UInt16 = 0
        for place in index + 2..<index + 6 {
            guard let digit = Self.hexDigit(bytes[place]) else { throw problem(.invalidEscape) }
            unit = unit << 4 | UInt16(digit)
        }
        index += 6
        return unit
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The text's bytes, of content that `scanString` has passed.
    private func unescaped(_ content: Range<Int>) throws(JSONSyntaxError) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(content.count)
        var reader = self
        reader.index = content.lowerBound
        while reader.index < content.upperBound {
            if bytes[reader.index] == UInt8(ascii: "\\") {
                for byte in UTF8.encode(try reader.scanEscape()) ?? UTF8.encodedReplacementCharacter {
                    text.append(byte)
                }
            } else {
                let end = Self.endOfPlainText(bytes.span, from: reader.index)
                text.append(contentsOf: bytes[reader.index..<end])
                reader.index = end
            }
        }
        return text
    }
}
