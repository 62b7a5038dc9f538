extension String {
    /// The text on one line, with a space for each control character: AWS' texts must not steer a person's terminal.
    package var printable: String {
        String(map { $0.isNewline || $0.asciiValue.map { $0 < 0x20 || $0 == 0x7F } ?? false ? " " : $0 })
    }
}
