import Foundation

/// A part of the report in readable form: its first line, then each frame's kind and content.
///
/// What is compressed is shown by its kind alone: its bytes are zlib's, and what they hold stands in the other files.
enum PartText {
    struct Malformed: Error {}

    static func of(_ bytes: [UInt8]) throws -> String {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { throw Malformed() }
        var text = String(decoding: bytes[...end], as: UTF8.self)
        var rest = bytes[(end + 1)...]
        while !rest.isEmpty {
            guard rest.count >= 5 else { throw Malformed() }
            let length = rest.dropFirst().prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            guard rest.count >= 5 + length else { throw Malformed() }
            let content = rest.dropFirst(5).prefix(length)
            text += "\(Character(UnicodeScalar(rest[rest.startIndex]))) \(try readable(content))\n"
            rest = rest.dropFirst(5 + length)
        }
        return text
    }

    private static func readable(_ content: ArraySlice<UInt8>) throws -> String {
        guard let text = String(validating: content, as: UTF8.self), !text.contains(where: isUnprintable) else {
            return "compressed"
        }
        guard text.hasPrefix("{") else { return text }
        guard var members = try JSONSerialization.jsonObject(with: Data(content)) as? [String: Any] else {
            throw Malformed()
        }
        // Where a run lies among compressed bytes.
        if members["extent"] != nil { members["extent"] = "ZLIB" }
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try JSONSerialization.data(withJSONObject: members, options: options), as: UTF8.self)
    }

    private static func isUnprintable(_ character: Character) -> Bool {
        character.unicodeScalars.contains { $0.value < 32 && $0 != "\n" }
    }
}
