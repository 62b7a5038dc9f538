/// A pattern in which `*` matches any run of characters, slashes included, and `?` matches exactly one.
package struct Glob: Hashable, Sendable, CustomStringConvertible {
    private let pattern: [Character]

    /// Accepts any text; a text without `*` and `?` matches only itself.
    package init(_ pattern: String) { self.pattern = Array(pattern) }

    package var description: String { String(pattern) }

    /// Whether the pattern matches the whole of `text`; takes at most the product of both lengths in steps.
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

    /// Whether the pattern matches an organizational unit's path; `/Prod/*` matches `/Prod` itself and all units below.
    package func fits(unit path: String) -> Bool {
        matches(path) || matches(path.hasSuffix("/") ? path : path + "/")
    }
}
