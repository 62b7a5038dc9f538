internal import CZlib

/// The checksum of gzip and zip, which DynamoDB sends with each answer.
package enum CRC32 {
    /// The checksum of all the bytes; 0 for none.
    package static func checksum(_ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: unsafe crc32_z(0, bytes, bytes.count))
    }
}
