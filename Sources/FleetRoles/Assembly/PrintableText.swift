extension String {
    /// The text on one line, without control characters: it quotes what AWS said, and goes to a terminal.
    package var printable: String {
        String(map { $0.isNewline || $0.asciiValue.map { $0 < 0x20 || $0 == 0x7F } ?? false ? " " : $0 })
    }
}
