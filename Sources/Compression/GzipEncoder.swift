internal import CZlib

/// Compresses a document that is made piece by piece; what `append` and `finish` give is the compressed document in order.
///
/// zlib's state points back to its stream, which therefore stays at one address.
@safe package final class GzipEncoder {
    private let stream: UnsafeMutablePointer<z_stream>
    private var isFinished = false

    /// Begins a document; the level lies between 0, stored, and 9, smallest.
    package init(level: Int = 6) throws(CompressionError) {
        guard (0...9).contains(level) else { throw .invalidLevel(level) }
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe scanfleet_deflate_init(stream, CInt(level)) == Z_OK else {
            unsafe stream.deallocate()
            throw .outOfMemory
        }
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Compresses further bytes; the answer is often empty, while zlib gathers.
    package func append(_ bytes: [UInt8]) -> [UInt8] {
        precondition(!isFinished, "nothing can be appended to a finished document")
        return deflated(bytes, flush: Z_NO_FLUSH)
    }

    /// Ends the document; a second call gives nothing.
    package func finish() -> [UInt8] {
        if isFinished { return [] }
        isFinished = true
        return deflated([], flush: Z_FINISH)
    }

    private func deflated(_ bytes: [UInt8], flush: CInt) -> [UInt8] {
        var output: [UInt8] = []
        unsafe bytes.withUnsafeBufferPointer { input in
            // zlib counts in 32 bits.
            var rest = unsafe input[...]
            repeat {
                let piece = unsafe rest.prefix(1 << 30)
                unsafe rest = rest.dropFirst(piece.count)
                unsafe stream.pointee.next_in = UnsafeMutablePointer(
                    mutating: UnsafeBufferPointer(rebasing: piece).baseAddress
                )
                unsafe stream.pointee.avail_in = UInt32(piece.count)
                drain(into: &output, flush: flush)
            } while unsafe !rest.isEmpty
        }
        return output
    }

    /// Runs zlib until it leaves output space unused: then it has given all that it can.
    private func drain(into output: inout [UInt8], flush: CInt) {
        var isFull = true
        while isFull {
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 14) { space, count in
                unsafe stream.pointee.next_out = space.baseAddress
                unsafe stream.pointee.avail_out = UInt32(space.count)
                let status = unsafe deflate(stream, flush)
                precondition(status != Z_STREAM_ERROR, "zlib's state is damaged")
                unsafe count = space.count - Int(stream.pointee.avail_out)
                isFull = unsafe stream.pointee.avail_out == 0
            }
            output.append(contentsOf: chunk)
        }
    }
}
