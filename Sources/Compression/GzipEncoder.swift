/// Compresses a document that is made piece by piece; the results of its functions, in order, are the gzip document.
///
/// Pieces that a `PieceEncoder` made can be joined without compressing them again. The document stays one gzip member:
/// browsers stop reading after the first.
package final class GzipEncoder {
    private let deflater: Deflater
    private var state = State.beginning

    private enum State {
        case beginning
        case open
        /// After bytes of a joined piece, before its `seal`.
        case joining
        case finished
    }

    /// Begins a document; the level lies between 0, stored, and 9, smallest.
    package init(level: Int = 6) throws(CompressionError) { deflater = try Deflater(level: level) }

    /// Compresses further bytes; the result is often empty, because zlib buffers.
    package func append(_ bytes: [UInt8]) -> [UInt8] {
        precondition(state != .finished, "nothing can be appended to a finished document")
        precondition(state != .joining, "a piece must be sealed before the document goes on")
        return begin() + deflater.append(bytes)
    }

    /// Adds a piece's compressed bytes unchanged; after the last ones, call `seal`.
    package func join(_ compressed: [UInt8]) -> [UInt8] {
        precondition(state != .finished, "nothing can be appended to a finished document")
        if state == .joining { return compressed }
        let before = begin() + deflater.pause()
        state = .joining
        return before + compressed
    }

    /// Ends a joined piece and adds its checksum and size.
    package func seal(_ seal: StreamChecksum) {
        precondition(state == .joining || seal.count == 0, "a seal without a piece")
        deflater.join(seal)
        if state == .joining { state = .open }
    }

    /// Ends the document and returns its last bytes; a second call returns nothing.
    package func finish() -> [UInt8] {
        precondition(state != .joining, "a piece must be sealed before the document ends")
        if state == .finished { return [] }
        let rest = begin() + deflater.end()
        state = .finished
        return rest + deflater.seal.tail
    }

    /// Checksum and size of all bytes so far; after `finish`, of the whole document.
    package var seal: StreamChecksum { deflater.seal }

    /// gzip's head at the beginning: no name and no time, so that equal documents are equal bytes; made on Unix.
    private func begin() -> [UInt8] {
        guard state == .beginning else { return [] }
        state = .open
        return Self.head
    }

    static let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    /// The length of the checksum and size that end every gzip document.
    package static let tailBytes = 8
}

/// Compresses a piece that later documents take over unchanged, by `GzipEncoder.join`.
package final class PieceEncoder {
    private let deflater: Deflater

    /// Begins a piece; the level lies between 0, stored, and 9, smallest.
    package init(level: Int = 6) throws(CompressionError) { deflater = try Deflater(level: level) }

    /// Compresses further bytes; the result is often empty, because zlib buffers.
    package func append(_ bytes: [UInt8]) -> [UInt8] { deflater.append(bytes) }

    /// Returns the rest of the piece.
    package func finish() -> [UInt8] { deflater.pause() }

    /// The argument of `GzipEncoder.seal`; final only after `finish`.
    package var seal: StreamChecksum { deflater.seal }
}
