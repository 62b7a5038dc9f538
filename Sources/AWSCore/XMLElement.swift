/// A small strict reader for the XML that STS and S3 answer: elements and text; no DTD, no entities but the five of XML
/// and character references, at most 64 levels.
package struct XMLElement: Sendable, Hashable {
    /// Why a text is not the XML that AWS sends, and at which byte.
    package struct SyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
        /// What the reader expected or refused; no text of the document is repeated.
        package let reason: String
        /// The byte at which reading stopped, from 0.
        package let offset: Int
        package var description: String { "XML, byte \(offset): \(reason)" }
    }

    /// The local name, without a namespace prefix.
    package var name: String
    /// The elements directly inside, in the document's order.
    package var children: [XMLElement] = []
    /// The text directly inside, entities resolved.
    package var text: String = ""

    /// Reads a whole document.
    package init(parsing bytes: [UInt8]) throws(SyntaxError) {
        var reader = XMLReader(bytes: bytes)
        self = try reader.document()
    }

    fileprivate init(name: String) { self.name = name }

    /// The first child of that name.
    package func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }
}

private struct XMLReader {
    let bytes: [UInt8]
    var offset = 0

    mutating func document() throws(XMLElement.SyntaxError) -> XMLElement {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
        try skipProlog()
        let root = try element(depth: 0)
        skipSpace()
        guard offset == bytes.count else { throw fail("text after the root element") }
        return root
    }

    private mutating func skipProlog() throws(XMLElement.SyntaxError) {
        while true {
            skipSpace()
            if starts("<?") {
                try skip(past: "?>")
            } else if starts("<!--") {
                try skip(past: "-->")
            } else {
                return
            }
        }
    }

    private mutating func element(depth: Int) throws(XMLElement.SyntaxError) -> XMLElement {
        guard depth < 64 else { throw fail("too deeply nested") }
        guard take("<") else { throw fail("an element was expected") }
        let name = try name()
        var element = XMLElement(name: Self.local(name))
        try skipAttributes()
        if take("/>") { return element }
        guard take(">") else { throw fail("a tag does not end") }
        var text: [UInt8] = []
        while true {
            if take("</") {
                guard try self.name() == name else { throw fail("the end tag of another element") }
                skipSpace()
                guard take(">") else { throw fail("an end tag does not end") }
                guard let string = String(validating: text, as: UTF8.self) else { throw fail("not UTF-8") }
                element.text = string
                return element
            } else if starts("<!--") {
                try skip(past: "-->")
            } else if take("<![CDATA[") {
                let start = offset
                try skip(past: "]]>")
                text += bytes[start..<(offset - 3)]
            } else if starts("<!") || starts("<?") {
                throw fail("a declaration inside an element")
            } else if starts("<") {
                element.children.append(try self.element(depth: depth + 1))
            } else {
                try appendCharacter(to: &text)
            }
        }
    }

    private mutating func appendCharacter(to text: inout [UInt8]) throws(XMLElement.SyntaxError) {
        guard offset < bytes.count else { throw fail("the text ends inside an element") }
        guard starts("&") else {
            text.append(bytes[offset])
            offset += 1
            return
        }
        guard let end = bytes[offset...].prefix(13).firstIndex(of: UInt8(ascii: ";")) else {
            throw fail("an entity does not end")
        }
        let entity = String(decoding: bytes[(offset + 1)..<end], as: UTF8.self)
        guard let resolved = Self.resolve(entity) else { throw fail("an unknown entity") }
        offset = end + 1
        text += Array(resolved.utf8)
    }

    private static func resolve(_ entity: String) -> String? {
        switch entity {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard entity.hasPrefix("#") else { return nil }
            let isHexadecimal = entity.hasPrefix("#x")
            let digits = entity.dropFirst(isHexadecimal ? 2 : 1)
            // `UInt32` would take a sign.
            guard digits.allSatisfy(\.isHexDigit), let code = UInt32(digits, radix: isHexadecimal ? 16 : 10) else {
                return nil
            }
            return code == 0 ? nil : Unicode.Scalar(code).map { String(Character($0)) }
        }
    }

    private mutating func skipAttributes() throws(XMLElement.SyntaxError) {
        while true {
            skipSpace()
            guard offset < bytes.count, !starts(">"), !starts("/>") else { return }
            _ = try name()
            skipSpace()
            guard take("=") else { throw fail("an attribute without a value") }
            skipSpace()
            guard let quote = take("\"") ? "\"" : take("'") ? "'" : nil else { throw fail("a value without quotes") }
            try skip(past: quote)
        }
    }

    private mutating func name() throws(XMLElement.SyntaxError) -> String {
        let start = offset
        while offset < bytes.count, Self.isName(bytes[offset]) { offset += 1 }
        guard offset > start else { throw fail("a name was expected") }
        guard let name = String(validating: bytes[start..<offset], as: UTF8.self) else { throw fail("not UTF-8") }
        return name
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x3A, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x80...0xFF: true
        default: false
        }
    }

    private static func local(_ name: String) -> String { name.split(separator: ":").last.map(String.init) ?? name }

    private mutating func skipSpace() {
        while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
    }

    private mutating func skip(past text: String) throws(XMLElement.SyntaxError) {
        while offset < bytes.count {
            if take(text) { return }
            offset += 1
        }
        throw fail("\(text) is missing")
    }

    private func starts(_ text: String) -> Bool { bytes[offset...].starts(with: text.utf8) }

    private mutating func take(_ text: String) -> Bool {
        guard starts(text) else { return false }
        offset += text.utf8.count
        return true
    }

    private func fail(_ reason: String) -> XMLElement.SyntaxError {
        XMLElement.SyntaxError(reason: reason, offset: offset)
    }
}
