internal import CZlib

/// What must be known of a compressed piece to join it with others.
package struct StreamChecksum: Hashable, Sendable {
    /// CRC-32 of what the piece holds.
    package var checksum: UInt32
    /// How many bytes the piece holds, uncompressed.
    package var count: Int

    /// Describes a piece; without arguments, one that holds nothing.
    package init(checksum: UInt32 = 0, count: Int = 0) {
        self.checksum = checksum
        self.count = count
    }

    /// Describes both pieces together, `other` after this one.
    package mutating func append(_ other: StreamChecksum) {
        checksum = UInt32(truncatingIfNeeded: crc32_combine(UInt(checksum), UInt(other.checksum), other.count))
        count += other.count
    }

    /// What a gzip document that holds the piece and nothing else ends with.
    package var tail: [UInt8] {
        [checksum, UInt32(truncatingIfNeeded: count)].flatMap { value in
            (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        }
    }
}
