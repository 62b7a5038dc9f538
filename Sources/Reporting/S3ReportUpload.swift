internal import AWSCore
internal import AWSServices

/// Uploads one object to S3: small ones in one call, large ones in parts, so that only a few megabytes stay in memory.
package struct S3ReportUpload: ReportUpload {
    private let storage: S3ReportStorage
    private let file: ReportFile
    private var gathered: [UInt8] = []
    /// The multipart upload; nil while all bytes fit into one call.
    private var multipart: Multipart?

    /// A multipart upload that was begun.
    private struct Multipart {
        let id: String
        /// The ETags of the parts that S3 has, in their order.
        var etags: [String] = []
    }

    /// The size of a part, S3's minimum for all parts but the last; with 10,000 parts, an object has at most 50 GiB.
    private static let partBytes = 5 << 20
    private static let attempts = 5

    init(storage: S3ReportStorage, file: ReportFile) {
        self.storage = storage
        self.file = file
    }

    package mutating func append(_ bytes: [UInt8]) async throws {
        gathered += bytes
        if gathered.count >= Self.partBytes { try await sendPart() }
    }

    package mutating func finish() async throws {
        if gathered.isEmpty && multipart == nil { return }
        var known = storage.version(of: file.name)
        for _ in 1...Self.attempts {
            do {
                storage.didWrite(file.name, version: try await send(over: known))
                multipart = nil
                return
            } catch let error as AWSServiceError where error.isFailedCondition {
                // Usually our own write whose answer was lost.
                known = try await storage.versionFound(of: file.name)
            }
        }
        throw try await storage.overtaken(file.name)
    }

    package mutating func cancel() async {
        guard let upload = multipart else { return }
        multipart = nil
        do {
            _ = try await storage.client.send(
                S3.AbortMultipartUpload(Bucket: storage.bucket, Key: key, UploadId: upload.id)
            )
        } catch {
            // The error that led here is already reported; the bucket's lifecycle rule removes the parts.
        }
    }

    private var key: String { storage.prefix + file.name }

    private func begin() async throws -> Multipart {
        let create = S3.CreateMultipartUpload(Bucket: storage.bucket, Key: key, Headers: file.headers)
        return Multipart(id: try await storage.client.send(create).UploadId)
    }

    /// - Returns: the upload including the part.
    @discardableResult private mutating func sendPart() async throws -> Multipart {
        var upload = if let multipart { multipart } else { try await begin() }
        // Stored before the part is sent, so that `cancel` aborts this upload if sending fails.
        multipart = upload
        let body = gathered
        gathered = []
        let part = S3.UploadPart(
            Bucket: storage.bucket,
            Key: key,
            UploadId: upload.id,
            PartNumber: upload.etags.count + 1,
            Body: body
        )
        upload.etags.append(try await storage.client.send(part).ETag ?? "")
        multipart = upload
        return upload
    }

    /// - Returns: the new version, an ETag.
    private mutating func send(over known: String?) async throws -> String? {
        guard let begun = multipart else {
            let put = S3.PutObject(
                Bucket: storage.bucket,
                Key: key,
                Body: gathered,
                Headers: file.headers,
                IfMatch: known,
                IfNoneMatch: known == nil ? "*" : nil
            )
            return try await storage.client.send(put).ETag
        }
        let upload = try await gathered.isEmpty ? begun : sendPart()
        let complete = S3.CompleteMultipartUpload(
            Bucket: storage.bucket,
            Key: key,
            UploadId: upload.id,
            Parts: upload.etags,
            IfMatch: known,
            IfNoneMatch: known == nil ? "*" : nil
        )
        return try await storage.client.send(complete).ETag
    }
}
