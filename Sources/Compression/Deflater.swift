internal import CZlib

/// One use of zlib's compressor, for raw deflate; zlib's state points to the stream, so its address is fixed.
@safe final class Deflater {
    private let stream: UnsafeMutablePointer<z_stream>
    /// Checksum and size of all bytes compressed or joined so far.
    private(set) var seal = StreamChecksum()

    init(level: Int) throws(CompressionError) {
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

    /// Compresses further bytes; the result is often empty, because zlib buffers.
    func append(_ bytes: [UInt8]) -> [UInt8] {
        seal.checksum = UInt32(truncatingIfNeeded: unsafe crc32_z(UInt(seal.checksum), bytes, bytes.count))
        seal.count += bytes.count
        return deflated(bytes, flush: Z_NO_FLUSH)
    }

    /// Returns the rest and ends on a byte boundary; later bytes do not refer back before it (Z_FULL_FLUSH).
    func pause() -> [UInt8] { deflated([], flush: Z_FULL_FLUSH) }

    /// Returns the rest and ends the stream.
    func end() -> [UInt8] { deflated([], flush: Z_FINISH) }

    /// Adds the checksum of bytes that another stream compressed.
    func join(_ piece: StreamChecksum) { seal.append(piece) }

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

    /// Runs zlib until it leaves output space unused, which means that it has no more output.
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
