internal import AWSCore
internal import AWSServices

/// One object on its way to S3: small ones go at once, large ones in parts, so that few megabytes stay in memory.
package struct S3ReportUpload: ReportUpload {
    private let storage: S3ReportStorage
    private let file: ReportFile
    private var gathered: [UInt8] = []
    private var upload: String?
    private var parts: [String] = []

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
        if gathered.isEmpty && upload == nil { return }
        var known = storage.version(of: file.name)
        for _ in 1...Self.attempts {
            do {
                storage.didWrite(file.name, version: try await send(over: known))
                upload = nil
                return
            } catch let error as AWSServiceError where error.isFailedCondition {
                // Most often our own write, whose answer was lost.
                known = try await storage.versionFound(of: file.name)
            }
        }
        throw try await storage.overtaken(file.name)
    }

    package mutating func cancel() async {
        guard let upload else { return }
        self.upload = nil
        do {
            _ = try await storage.client.send(
                S3.AbortMultipartUpload(Bucket: storage.bucket, Key: key, UploadId: upload)
            )
        } catch {
            // What made us give up is told already; the bucket's lifecycle rule removes what stays behind.
        }
    }

    private var key: String { storage.prefix + file.name }

    private mutating func sendPart() async throws {
        if upload == nil {
            let create = S3.CreateMultipartUpload(Bucket: storage.bucket, Key: key, Headers: file.headers)
            upload = try await storage.client.send(create).UploadId
        }
        let body = gathered
        gathered = []
        let part = S3.UploadPart(
            Bucket: storage.bucket,
            Key: key,
            UploadId: upload ?? "",
            PartNumber: parts.count + 1,
            Body: body
        )
        parts.append(try await storage.client.send(part).ETag ?? "")
    }

    /// - Returns: the new version.
    private mutating func send(over known: String?) async throws -> String? {
        guard upload != nil else {
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
        if !gathered.isEmpty { try await sendPart() }
        let complete = S3.CompleteMultipartUpload(
            Bucket: storage.bucket,
            Key: key,
            UploadId: upload ?? "",
            Parts: parts,
            IfMatch: known,
            IfNoneMatch: known == nil ? "*" : nil
        )
        return try await storage.client.send(complete).ETag
    }
}
