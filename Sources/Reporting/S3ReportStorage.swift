package import AWSCore
internal import AWSServices
internal import Synchronization

/// The report's files in a bucket; every write is conditional, so that no aggregator overwrites a newer one's files.
///
/// `open` claims the prefix: a small object holds the leader's number, and an aggregator that finds a greater number
/// stops. Then `open` reads the versions of all files, and each write replaces exactly the version that was read or
/// last written. On an unknown version the aggregator reads the claim again: a frozen leader that resumes stops, the
/// current leader continues.
package struct S3ReportStorage: ReportStorage {
    let client: AWSClient
    let bucket: String
    let prefix: String
    private let number: Int
    private let memory = Memory()

    /// The known versions of the files: names without the prefix, ETags with their quotes.
    private final class Memory: Sendable {
        let versions: Mutex<[String: String]?> = Mutex(nil)
    }

    static let claim = ReportFile.part("\(RegistrySegment.prefix)leader")

    /// Writes below `prefix`; `number` is greater than that of every earlier leader.
    package init(client: AWSClient, bucket: String, prefix: String, number: Int) {
        self.client = client
        self.bucket = bucket
        self.prefix = prefix
        self.number = number
    }

    package func open() async throws -> Set<String> {
        if let known = memory.versions.withLock({ $0 }) { return Set(known.keys) }
        let claimed = try await takeClaim()
        var versions: [String: String] = [:]
        var list = S3.ListObjectsV2(Bucket: bucket, Prefix: prefix)
        while true {
            let page = try await client.send(list)
            for object in page.Contents { versions[String(object.Key.dropFirst(prefix.count))] = object.ETag }
            guard let token = S3.ListObjectsV2.nextToken(in: page) else { break }
            list = list.following(token)
        }
        // Only versions read while the claim was still ours are safe to replace.
        guard versions[Self.claim.name] == claimed else { throw try await overtaken(Self.claim.name) }
        memory.versions.withLock { $0 = versions }
        return Set(versions.keys)
    }

    package func read(_ name: String) async throws -> S3ReportReader? {
        try await S3ReportReader(client: client, bucket: bucket, key: prefix + name, name: name)
    }

    package func readEnd(of name: String, count: Int) async throws -> [UInt8]? {
        do {
            return try await client.send(S3.GetObject(Bucket: bucket, Key: prefix + name, Range: "bytes=-\(count)"))
                .Body
        } catch let error as AWSServiceError where error.status == 404 || error.status == 416 {
            return nil
        }
    }

    package func begin(_ file: ReportFile) -> S3ReportUpload { S3ReportUpload(storage: self, file: file) }

    package func remove(_ name: String) async throws {
        do {
            let known = version(of: name)
            _ = try await client.send(S3.DeleteObject(Bucket: bucket, Key: prefix + name, IfMatch: known))
        } catch let error as AWSServiceError where error.status != 404 && error.isFailedCondition {
            throw try await overtaken(name)
        } catch let error as AWSServiceError where error.status == 404 {
            // The file is already gone.
        }
        memory.versions.withLock { $0?[name] = nil }
    }

    // MARK: Versions

    /// The version that a write must find; nil if the file must not exist.
    func version(of name: String) -> String? { memory.versions.withLock { $0?[name] } }

    func didWrite(_ name: String, version: String?) { memory.versions.withLock { $0?[name] = version } }

    /// The unexpected version that is stored, which this aggregator may replace.
    ///
    /// It is our own write whose answer was lost, or the write of an earlier leader that was frozen and resumed.
    ///
    /// - Throws: `ReportStorageError.stale` if it may be a newer leader's.
    func versionFound(of name: String) async throws -> String? {
        let list = S3.ListObjectsV2(Bucket: bucket, Prefix: prefix + name)
        let found = try await client.send(list).Contents.first { $0.Key == prefix + name }?.ETag
        // The version is read before the claim: if the claim is still ours then, a newer leader writes only after this
        // version.
        guard try await readClaim().number <= number else { throw try await overtaken(name) }
        return found
    }

    /// The error for an unexpected version: stale if a newer leader is active, overtaken if only our versions were old.
    func overtaken(_ name: String) async throws -> ReportStorageError {
        memory.versions.withLock { $0 = nil }
        let newer = try await readClaim().number
        return newer > number ? .stale(own: number, newer: newer) : .overtaken(name)
    }

    // MARK: The claim

    private func takeClaim() async throws -> String? {
        let found = try await readClaim()
        guard found.number <= number else { throw ReportStorageError.stale(own: number, newer: found.number) }
        if found.number == number { return found.version }
        let put = S3.PutObject(
            Bucket: bucket,
            Key: prefix + Self.claim.name,
            Body: Array("\(number)\n".utf8),
            Headers: Self.claim.headers,
            IfMatch: found.version,
            IfNoneMatch: found.version == nil ? "*" : nil
        )
        do {
            return try await client.send(put).ETag
        } catch let error as AWSServiceError where error.isFailedCondition {
            throw try await overtaken(Self.claim.name)
        }
    }

    private func readClaim() async throws -> (number: Int, version: String?) {
        do {
            let found = try await client.send(S3.GetObject(Bucket: bucket, Key: prefix + Self.claim.name))
            let text = String(decoding: found.Body ?? [], as: UTF8.self).filter { !$0.isNewline }
            guard let number = Int(text) else { throw ReportStorageError.unreadable(Self.claim.name) }
            return (number, found.ETag)
        } catch let error as AWSServiceError where error.status == 404 {
            return (0, nil)
        }
    }
}

extension ReportFile {
    var headers: S3.ObjectHeaders {
        S3.ObjectHeaders(ContentType: contentType, ContentEncoding: contentEncoding, CacheControl: cacheControl)
    }
}

extension AWSServiceError {
    /// Whether an object was not the version that a write was to replace.
    ///
    /// The status alone does not show it: the answer that completes a multipart upload may carry an error in a 200's
    /// body.
    var isFailedCondition: Bool {
        status == 412 || code.meaning.contains(.failedCondition)
    }
}
