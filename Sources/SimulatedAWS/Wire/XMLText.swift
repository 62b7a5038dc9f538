/// Builds the few XML answers of STS and S3.
enum XMLText {
    /// One element around text, which is escaped.
    static func element(_ name: String, _ text: String) -> String { "<\(name)>\(escape(text))</\(name)>" }

    /// One element around elements.
    static func element(_ name: String, _ children: [String], attributes: String = "") -> String {
        "<\(name)\(attributes)>\(children.joined())</\(name)>"
    }

    static func document(_ root: String) -> [UInt8] {
        Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\(root)".utf8)
    }

    private static func escape(_ text: String) -> String {
        text.reduce(into: "") { output, character in
            switch character {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            default: output.append(character)
            }
        }
    }
}
