internal import Compression
internal import JSON

/// Errors that say that a file of the last report is not as this version writes it; others are failures to read it.
protocol Unreadable: Error {}

extension JSONSyntaxError: Unreadable {}
extension CompressionError: Unreadable {}
extension UnknownWord: Unreadable {}
