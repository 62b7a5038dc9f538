internal import AWSCore
internal import AWSServices

/// One object on its way to S3: small ones go at once, large ones in parts, so that few megabytes stay in memory.
package struct S3ReportUpload: ReportUpload {
    private let storage: S3ReportStorage
    private let file: ReportFile
    private var gathered: [UInt8] = []
    /// Nil while all of it fits into one call.
    private var multipart: Multipart?

    /// An upload in parts that was begun.
    private struct Multipart {
        let id: String
        /// Of the parts that S3 has, in their order.
        var etags: [String] = []
    }

    /// S3 takes no parts below 5 MiB but the last, and 10,000 of them: 50 GiB.
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
                // Most often our own write, whose answer was lost.
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
            // What made us give up is told already; the bucket's lifecycle rule removes what stays behind.
        }
    }

    private var key: String { storage.prefix + file.name }

    private func begin() async throws -> Multipart {
        let create = S3.CreateMultipartUpload(Bucket: storage.bucket, Key: key, Headers: file.headers)
        return Multipart(id: try await storage.client.send(create).UploadId)
    }

    /// - Returns: the upload with the part.
    @discardableResult private mutating func sendPart() async throws -> Multipart {
        var upload = if let multipart { multipart } else { try await begin() }
        // Noted before the part is sent: where that fails, it is this upload that is to be given up.
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

    /// - Returns: the new version.
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
