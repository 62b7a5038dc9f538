internal import CHiredis

/// Bytes from Redis as values, by hiredis' reader.
@safe final class ReplyReader {
    private let reader: UnsafeMutablePointer<redisReader>

    init() {
        guard let reader = unsafe redisReaderCreate() else { preconditionFailure("out of memory") }
        unsafe self.reader = unsafe reader
    }

    deinit {
        unsafe redisReaderFree(reader)
    }

    /// Adds bytes that the server sent; a reply may be split at any byte.
    func feed(_ bytes: Span<UInt8>) throws(RedisError) {
        let result = unsafe bytes.withUnsafeBytes { bytes in
            unsafe redisReaderFeed(reader, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard result == REDIS_OK else { throw failure }
    }

    /// The next whole reply; nil when more bytes are needed.
    func next() throws(RedisError) -> RESPValue? {
        var reply: UnsafeMutableRawPointer?
        guard unsafe redisReaderGetReply(reader, &reply) == REDIS_OK else { throw failure }
        guard let reply = unsafe reply else { return nil }
        defer { unsafe freeReplyObject(reply) }
        return unsafe RESPValue(reply.assumingMemoryBound(to: redisReply.self))
    }

    private var failure: RedisError {
        let reason = unsafe withUnsafeBytes(of: &reader.pointee.errstr) { text in
            unsafe String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        }
        return .connection("the server does not speak Redis' protocol: \(reason)")
    }
}

extension RESPValue {
    fileprivate init(_ reply: UnsafePointer<redisReply>) {
        switch unsafe reply.pointee.type {
        case REDIS_REPLY_INTEGER: self = .integer(Int(unsafe reply.pointee.integer))
        case REDIS_REPLY_NIL: self = .null
        case REDIS_REPLY_ERROR: self = .error(unsafe Self.text(reply))
        case REDIS_REPLY_ARRAY:
            let elements = unsafe UnsafeBufferPointer(start: reply.pointee.element, count: Int(reply.pointee.elements))
            self = .array(unsafe elements.map { element in unsafe element.map { unsafe RESPValue($0) } ?? .null })
        default: self = .string(unsafe Self.text(reply))
        }
    }

    private static func text(_ reply: UnsafePointer<redisReply>) -> String {
        let bytes = unsafe UnsafeRawBufferPointer(start: reply.pointee.str, count: Int(reply.pointee.len))
        return unsafe String(decoding: bytes, as: UTF8.self)
    }
}
