/// Splits a command line as a POSIX shell does, without expanding anything.
enum ShellWords {
    /// The words; nil where a quote is not closed or a backslash ends the line.
    static func split(_ line: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var characters = line.makeIterator()
        while let character = characters.next() {
            switch (character, quote) {
            case ("\\", nil), ("\\", "\""):
                guard let next = characters.next() else { return nil }
                // Within double quotes only these two lose their meaning.
                let kept = quote == nil || next == "\"" || next == "\\" ? "" : "\\"
                word = (word ?? "") + kept + String(next)
            case ("'", nil), ("\"", nil):
                quote = character
                word = word ?? ""
            case _ where character == quote:
                quote = nil
            case _ where quote == nil && character.isWhitespace:
                if let word { words.append(word) }
                word = nil
            default:
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { return nil }
        if let word { words.append(word) }
        return words
    }
}
