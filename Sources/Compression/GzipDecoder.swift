internal import CZlib

/// Decompresses a gzip document that arrives piece by piece.
@safe package final class GzipDecoder {
    private let stream: UnsafeMutablePointer<z_stream>
    private var isWhole = false

    /// Begins a document.
    package init() throws(CompressionError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe scanfleet_inflate_init(stream) == Z_OK else {
            unsafe stream.deallocate()
            throw .outOfMemory
        }
    }

    /// Begins a piece of a `PieceEncoder`; it has no end of its own, so do not call `finish`.
    package static func ofPiece() throws(CompressionError) -> GzipDecoder {
        let decoder = try GzipDecoder()
        _ = try decoder.append(GzipEncoder.head)
        return decoder
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Decompresses further bytes.
    ///
    /// - Throws: `CompressionError.tooLarge` where these alone would give more than `limit` bytes.
    package func append(_ bytes: [UInt8], limit: Int = 64 << 20) throws(CompressionError) -> [UInt8] {
        guard let count = UInt32(exactly: bytes.count) else { throw .tooLarge(limit: limit) }
        if isWhole && count > 0 { throw .malformed }
        return try unsafe bytes.withUnsafeBufferPointer { input throws(CompressionError) in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            unsafe stream.pointee.avail_in = count
            return try drain(limit: limit)
        }
    }

    /// Checks that the document was whole.
    package func finish() throws(CompressionError) {
        if !isWhole { throw .truncated }
    }

    private func drain(limit: Int) throws(CompressionError) -> [UInt8] {
        var output: [UInt8] = []
        var isFull = true
        while isFull && !isWhole {
            var status = Z_OK
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { space, count in
                unsafe stream.pointee.next_out = space.baseAddress
                unsafe stream.pointee.avail_out = UInt32(space.count)
                status = unsafe inflate(stream, Z_NO_FLUSH)
                unsafe count = space.count - Int(stream.pointee.avail_out)
                isFull = unsafe stream.pointee.avail_out == 0
            }
            guard [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(status) else {
                throw status == Z_MEM_ERROR ? .outOfMemory : .malformed
            }
            output.append(contentsOf: chunk)
            isWhole = status == Z_STREAM_END
            if output.count > limit { throw .tooLarge(limit: limit) }
        }
        return output
    }
}
