internal import Compression
internal import HTTPTransport

extension HTTPResponse {
    /// False where DynamoDB's checksum says that the body was garbled on its way; an answer without one passes.
    var isIntact: Bool {
        guard let given = header("x-amz-crc32") else { return true }
        return UInt32(given) == CRC32.checksum(body)
    }
}
