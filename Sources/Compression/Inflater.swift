internal import CZlib

/// One use of zlib's decompressor; zlib's state points to the stream, so its address is fixed.
@safe final class Inflater {
    private let stream: UnsafeMutablePointer<z_stream>

    init() throws(CompressionError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe scanfleet_inflate_init(stream) == Z_OK else {
            unsafe stream.deallocate()
            throw .outOfMemory
        }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    func inflate(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
        // zlib counts in 32 bits; our inputs are far smaller.
        guard let count = UInt32(exactly: bytes.count) else { throw .tooLarge(limit: limit) }
        return try unsafe bytes.withUnsafeBufferPointer { input throws(CompressionError) in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            unsafe stream.pointee.avail_in = count
            return try inflateAll(limit: limit)
        }
    }

    private func inflateAll(limit: Int) throws(CompressionError) -> [UInt8] {
        var output: [UInt8] = []
        while true {
            var status = Z_OK
            // Room for one byte beyond the limit shows whether the limit is exceeded.
            let room = min(1 << 16, limit - output.count + 1)
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: room) { space, count in
                unsafe stream.pointee.next_out = space.baseAddress
                unsafe stream.pointee.avail_out = UInt32(room)
                status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
                unsafe count = room - Int(stream.pointee.avail_out)
            }
            output.append(contentsOf: chunk)
            guard output.count <= limit else { throw .tooLarge(limit: limit) }
            if try isComplete(after: status) { return output }
        }
    }

    /// Whether the input is used up at a document's end; begins the next member where one follows.
    private func isComplete(after status: CInt) throws(CompressionError) -> Bool {
        switch status {
        case Z_OK: return false
        case Z_STREAM_END:
            if unsafe stream.pointee.avail_in == 0 { return true }
            guard unsafe inflateReset(stream) == Z_OK else { throw .malformed }
            return false
        case Z_BUF_ERROR: throw .truncated
        case Z_MEM_ERROR: throw .outOfMemory
        default: throw .malformed
        }
    }
}
