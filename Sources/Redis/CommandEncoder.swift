internal import CHiredisShims

/// Commands as the bytes that Redis reads, by hiredis' formatter.
enum CommandEncoder {
    /// Appends one command; its arguments may hold any text, line ends and NUL included.
    static func append(_ command: [String], to bytes: inout [UInt8]) {
        var text: [UInt8] = []
        var lengths: [Int] = []
        lengths.reserveCapacity(command.count)
        for argument in command {
            let before = text.count
            text.append(contentsOf: argument.utf8)
            lengths.append(text.count - before)
        }
        var formatted: UnsafeMutablePointer<CChar>?
        let count = unsafe text.withUnsafeBytes { text in
            unsafe scanfleet_redis_format(
                &formatted,
                text.baseAddress?.assumingMemoryBound(to: CChar.self),
                lengths,
                lengths.count
            )
        }
        defer { unsafe scanfleet_redis_free(formatted) }
        guard count >= 0, let formatted = unsafe formatted else { preconditionFailure("out of memory") }
        unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(start: formatted, count: Int(count)))
    }
}
