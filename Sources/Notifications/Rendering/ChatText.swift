/// Escapes text from outside for a chat: names, versions and reasons cannot start a line, mention people, format or
/// link.
enum ChatText {
    /// In characters: a longer value is cut and ends with `…`, so that no name fills the room.
    static let maximumLength = 200

    static func escaped(_ text: String) -> String {
        if text.utf8.count <= maximumLength, text.utf8.allSatisfy(isHarmless) { return text }
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        for (index, scalar) in scalars.prefix(maximumLength).enumerated() {
            let isInsideWord =
                index > 0 && index + 1 < scalars.count && isWord(scalars[index - 1]) && isWord(scalars[index + 1])
            if let kept = replacement(of: scalar, insideWord: isInsideWord) { result.append(kept) }
        }
        if scalars.count > maximumLength { result.append("…") }
        return String(result)
    }

    /// The bytes of nearly all names, which need no replacement.
    private static func isHarmless(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "-")...UInt8(ascii: ":"), UInt8(ascii: "+"), UInt8(ascii: " "): true
        default: false
        }
    }

    /// The replacement of a scalar in a chat; nil for one that is invisible and would only mislead.
    private static func replacement(of scalar: Unicode.Scalar, insideWord: Bool) -> Unicode.Scalar? {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return " "
        case .format, .surrogate, .privateUse, .unassigned: return nil
        default: break
        }
        if scalar == "_" { return insideWord ? scalar : lookAlikes[scalar] }
        return lookAlikes[scalar] ?? scalar
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
    }

    /// The special characters of Slack, Markdown and HTML, and the full-width forms that only look like them.
    private static let lookAlikes: [Unicode.Scalar: Unicode.Scalar] = [
        "<": "＜", ">": "＞", "&": "＆", "@": "＠", "*": "＊", "_": "＿", "~": "～", "`": "｀", "[": "［", "]": "］", "|": "｜",
        "\\": "＼",
    ]
}
