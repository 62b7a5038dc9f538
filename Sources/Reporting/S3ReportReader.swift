internal import AWSCore
internal import AWSServices

/// Reads one object in ranges, all of the same version.
package struct S3ReportReader: ReportReader {
    private let client: AWSClient
    private let bucket: String
    private let key: String
    private let name: String
    private var version: String?
    private var offset = 0
    /// The size of the object, in bytes.
    private var total: Int
    /// The bytes of the first range, until they are returned.
    private var first: [UInt8]?

    private static let rangeBytes = 4 << 20

    /// Reads the first range; nil if there is no such object.
    init?(client: AWSClient, bucket: String, key: String, name: String) async throws {
        self.client = client
        self.bucket = bucket
        self.key = key
        self.name = name
        do {
            let get = S3.GetObject(Bucket: bucket, Key: key, Range: Self.range(from: 0))
            let answer = try await client.send(get)
            let body = answer.Body ?? []
            first = body
            version = answer.ETag
            total = answer.ContentRange.flatMap(Self.total) ?? body.count
        } catch let error as AWSServiceError where error.status == 404 || error.status == 416 {
            return nil
        }
    }

    package mutating func next() async throws -> [UInt8]? {
        if let bytes = first {
            first = nil
            offset = bytes.count
            return bytes.isEmpty ? nil : bytes
        }
        guard offset < total else { return nil }
        let get = S3.GetObject(Bucket: bucket, Key: key, IfMatch: version, Range: Self.range(from: offset))
        do {
            let bytes = try await client.send(get).Body ?? []
            guard !bytes.isEmpty else { throw ReportStorageError.changedWhileRead(name) }
            offset += bytes.count
            return bytes
        } catch let error as AWSServiceError where error.isFailedCondition || error.status == 416 {
            throw ReportStorageError.changedWhileRead(name)
        }
    }

    private static func range(from offset: Int) -> String { "bytes=\(offset)-\(offset + rangeBytes - 1)" }

    /// The number after the slash of `bytes 0-1023/4096`.
    private static func total(_ range: String) -> Int? { range.split(separator: "/").last.flatMap { Int($0) } }
}
