/// A pattern in which `*` stands for any run of characters, slashes too, and `?` for one.
package struct Glob: Hashable, Sendable, CustomStringConvertible {
    private let pattern: [Character]

    /// Takes every text as a pattern.
    package init(_ pattern: String) { self.pattern = Array(pattern) }

    package var description: String { String(pattern) }

    /// Whether the whole of `text` fits; linear in the product of both lengths, whatever the pattern.
    package func matches(_ text: String) -> Bool {
        let text = Array(text)
        var position = 0
        var index = 0
        var star: (pattern: Int, text: Int)?
        while index < text.count {
            if position < pattern.count, pattern[position] == "*" {
                star = (position, index)
                position += 1
            } else if position < pattern.count, pattern[position] == "?" || pattern[position] == text[index] {
                position += 1
                index += 1
            } else if let last = star {
                position = last.pattern + 1
                index = last.text + 1
                star = (last.pattern, index)
            } else {
                return false
            }
        }
        return pattern[position...].allSatisfy { $0 == "*" }
    }

    /// Whether the path of an organizational unit fits; `/Prod/*` is everything beneath the unit, its own accounts too.
    package func fits(unit path: String) -> Bool {
        matches(path) || matches(path.hasSuffix("/") ? path : path + "/")
    }
}
