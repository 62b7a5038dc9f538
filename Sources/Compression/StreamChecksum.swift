internal import CZlib

/// Checksum and size of a compressed piece, which are needed to join it with others.
package struct StreamChecksum: Hashable, Sendable {
    /// CRC-32 of the piece's uncompressed bytes.
    package var checksum: UInt32
    /// The number of the piece's uncompressed bytes.
    package var count: Int

    /// Describes a piece; without arguments, an empty one.
    package init(checksum: UInt32 = 0, count: Int = 0) {
        self.checksum = checksum
        self.count = count
    }

    /// Describes both pieces together, `other` after this one.
    package mutating func append(_ other: StreamChecksum) {
        checksum = UInt32(truncatingIfNeeded: crc32_combine(UInt(checksum), UInt(other.checksum), other.count))
        count += other.count
    }

    /// The last eight bytes of a gzip document that holds only this piece: checksum and size.
    package var tail: [UInt8] {
        [checksum, UInt32(truncatingIfNeeded: count)].flatMap { value in
            (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        }
    }
}
