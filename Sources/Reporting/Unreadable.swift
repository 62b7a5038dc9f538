internal import Compression
internal import JSON

/// An error that says that another version wrote a file of the last report or that it is damaged; other errors are
/// failures to read it.
protocol Unreadable: Error {}

extension JSONSyntaxError: Unreadable {}
extension CompressionError: Unreadable {}
extension UnknownWord: Unreadable {}
