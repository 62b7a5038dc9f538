/// The kinds of I/O that a descriptor can be ready for.
package struct Readiness: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    /// Joins the kinds whose bits are set: 1 is readable, 2 is writable.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Bytes, an end of file or an error can be read.
    package static let readable = Readiness(rawValue: 1)
    /// Bytes can be written, or a connection attempt has ended.
    package static let writable = Readiness(rawValue: 2)
}
