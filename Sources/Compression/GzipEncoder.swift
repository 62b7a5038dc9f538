/// Compresses a document that is made piece by piece; what its functions give is the compressed document in order.
///
/// Pieces that a `PieceEncoder` made can be joined without compressing them again. The document stays one gzip member:
/// browsers stop reading after the first.
package final class GzipEncoder {
    private let deflater: Deflater
    private var state = State.beginning

    private enum State {
        case beginning
        case open
        /// Between the bytes of a foreign piece and its seal.
        case joining
        case finished
    }

    /// Begins a document; the level lies between 0, stored, and 9, smallest.
    package init(level: Int = 6) throws(CompressionError) { deflater = try Deflater(level: level) }

    /// Compresses further bytes; the answer is often empty, while zlib gathers.
    package func append(_ bytes: [UInt8]) -> [UInt8] {
        precondition(state != .finished, "nothing can be appended to a finished document")
        precondition(state != .joining, "a piece must be sealed before the document goes on")
        return begin() + deflater.append(bytes)
    }

    /// Takes over bytes of a piece as they are; the piece's `seal` must follow its last ones.
    package func join(_ compressed: [UInt8]) -> [UInt8] {
        precondition(state != .finished, "nothing can be appended to a finished document")
        if state == .joining { return compressed }
        let before = begin() + deflater.pause()
        state = .joining
        return before + compressed
    }

    /// Ends a piece that was joined.
    package func seal(_ seal: StreamChecksum) {
        precondition(state == .joining || seal.count == 0, "a seal without a piece")
        deflater.join(seal)
        if state == .joining { state = .open }
    }

    /// Ends the document; a second call gives nothing.
    package func finish() -> [UInt8] {
        precondition(state != .joining, "a piece must be sealed before the document ends")
        if state == .finished { return [] }
        let rest = begin() + deflater.end()
        state = .finished
        return rest + deflater.seal.tail
    }

    /// Of everything that was taken in: once the document is finished, of all that it holds.
    package var seal: StreamChecksum { deflater.seal }

    /// gzip's head at the beginning: no name and no time, so that equal documents are equal bytes; made on Unix.
    private func begin() -> [UInt8] {
        guard state == .beginning else { return [] }
        state = .open
        return Self.head
    }

    static let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    /// The checksum and the count of bytes, which every document ends with.
    package static let tailBytes = 8
}

/// Compresses a part of later documents, which `GzipEncoder.join` takes over as it is.
package final class PieceEncoder {
    private let deflater: Deflater

    /// Begins a piece; the level lies between 0, stored, and 9, smallest.
    package init(level: Int = 6) throws(CompressionError) { deflater = try Deflater(level: level) }

    /// Compresses further bytes; the answer is often empty, while zlib gathers.
    package func append(_ bytes: [UInt8]) -> [UInt8] { deflater.append(bytes) }

    /// Gives the rest of the piece.
    package func finish() -> [UInt8] { deflater.pause() }

    /// What `GzipEncoder.seal` asks for, once the piece is finished.
    package var seal: StreamChecksum { deflater.seal }
}
