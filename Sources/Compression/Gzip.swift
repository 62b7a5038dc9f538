internal import CZlib

/// Whole gzip documents at once; see `GzipEncoder` for those that are made piece by piece.
package enum Gzip {
    /// Compresses at a level between 0, stored, and 9, smallest; 6 is zlib's own choice.
    package static func compress(_ bytes: [UInt8], level: Int = 6) throws(CompressionError) -> [UInt8] {
        let encoder = try GzipEncoder(level: level)
        return encoder.append(bytes) + encoder.finish()
    }

    /// Decompresses gzip, of several members too, or zlib.
    ///
    /// - Throws: `CompressionError.tooLarge` as soon as the result would exceed `limit` bytes.
    package static func decompress(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
        let inflater = try Inflater()
        return try inflater.inflate(bytes, limit: limit)
    }
}

/// Why bytes could not be compressed or decompressed.
package enum CompressionError: Error, Hashable, Sendable {
    /// The level is not between 0 and 9.
    case invalidLevel(Int)
    /// The bytes are not gzip, or are damaged.
    case malformed
    /// The bytes end before the document is complete.
    case truncated
    /// The result would be larger than the limit, in bytes.
    case tooLarge(limit: Int)
    /// zlib could not allocate its working memory.
    case outOfMemory
}

extension CompressionError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidLevel(let level): "compression level \(level) is not between 0 and 9"
        case .malformed: "not gzip, or damaged"
        case .truncated: "the gzip document is not whole"
        case .tooLarge(let limit): "decompresses to more than \(limit) bytes"
        case .outOfMemory: "no memory for zlib"
        }
    }
}
