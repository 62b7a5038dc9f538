internal import Cryptography

/// One stored object.
struct StoredObject: Sendable {
    var bytes: [UInt8]
    /// With its quotation marks.
    var etag: String
    /// What GetObject gives back as it was put: content type and encoding, cache control.
    var headers: [String: String]
    /// Seconds since 1970.
    var modifiedAt: Double
}

/// Buckets and their objects, path-style.
struct ObjectStore: Sendable {
    struct Bucket: Sendable {
        var owner: String
        var objects: [String: StoredObject] = [:]
    }

    var buckets: [String: Bucket]
    /// Objects that arrive in parts, by upload id.
    var uploads: [String: Upload] = [:]

    init(bucket: String, owner: String) { buckets = [bucket: Bucket(owner: owner)] }

    mutating func answer(_ call: Call) throws -> Answer {
        let path = PercentEncoding.decode(call.request.path).dropFirst()
        let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let bucket = parts.first ?? ""
        let key = parts.count > 1 ? parts[1] : ""
        switch call.operation {
        case "CreateBucket": return create(bucket, call)
        case "HeadBucket":
            try check(bucket, call)
            return Answer(headers: ["x-amz-bucket-region": "us-east-1"])
        case "ListObjectsV2": return try list(bucket, call)
        case "PutObject": return try put(bucket, key, call)
        case "CreateMultipartUpload": return try createUpload(bucket, key, call)
        case "UploadPart": return try uploadPart(bucket, call)
        case "CompleteMultipartUpload": return try completeUpload(bucket, key, call)
        case "AbortMultipartUpload":
            try check(bucket, call)
            uploads[call.request.parameters["uploadId"] ?? ""] = nil
            return Answer(status: 204)
        case "GetObject", "HeadObject": return try get(bucket, key, call)
        case "DeleteObject":
            try check(bucket, call)
            try checkConditions(bucket, key, call)
            buckets[bucket]?.objects[key] = nil
            return Answer(status: 204)
        default:
            throw ServiceFault(
                "NotImplemented",
                "A header you provided implies functionality that is not implemented.",
                status: 501
            )
        }
    }

    /// Names the operation, which S3 has only in method, path and query.
    static func operation(of request: WireRequest) -> String {
        let hasKey = request.path.dropFirst().split(separator: "/", maxSplits: 1).count > 1
        let parameters = request.parameters
        switch (request.method, hasKey) {
        case ("POST", true) where parameters["uploads"] != nil: return "CreateMultipartUpload"
        case ("PUT", true) where parameters["uploadId"] != nil: return "UploadPart"
        case ("POST", true) where parameters["uploadId"] != nil: return "CompleteMultipartUpload"
        case ("DELETE", true) where parameters["uploadId"] != nil: return "AbortMultipartUpload"
        case ("PUT", true): return "PutObject"
        case ("GET", true): return "GetObject"
        case ("HEAD", true): return "HeadObject"
        case ("DELETE", true): return "DeleteObject"
        case ("PUT", false): return "CreateBucket"
        case ("HEAD", false): return "HeadBucket"
        case ("GET", false): return "ListObjectsV2"
        default: return "Unknown"
        }
    }

    private mutating func create(_ bucket: String, _ call: Call) -> Answer {
        if buckets[bucket] == nil { buckets[bucket] = Bucket(owner: call.caller.account) }
        return Answer(headers: ["Location": "/\(bucket)"])
    }

    func check(_ bucket: String, _ call: Call) throws {
        guard let found = buckets[bucket] else {
            throw ServiceFault("NoSuchBucket", "The specified bucket does not exist", status: 404)
        }
        guard found.owner == call.caller.account else {
            throw ServiceFault("AccessDenied", "Access Denied", status: 403)
        }
    }

    private mutating func put(_ bucket: String, _ key: String, _ call: Call) throws -> Answer {
        try check(bucket, call)
        try checkConditions(bucket, key, call)
        return Answer(headers: ["ETag": store(call.request.body, bucket, key, Self.kept(call), at: call.now)])
    }

    /// What GetObject gives back as it was put.
    static func kept(_ call: Call) -> [String: String] {
        let names = ["content-type", "content-encoding", "cache-control"]
        return call.request.headers.filter { names.contains($0.key) && !$0.value.isEmpty }
    }

    func checkConditions(_ bucket: String, _ key: String, _ call: Call) throws {
        let old = buckets[bucket]?.objects[key]
        let headers = call.request.headers
        if headers["if-none-match"] == "*", old != nil { throw Self.failedCondition }
        guard let wanted = headers["if-match"] else { return }
        guard let old else { throw ServiceFault("NoSuchKey", "The specified key does not exist.", status: 404) }
        guard Self.bare(old.etag) == Self.bare(wanted) else { throw Self.failedCondition }
    }

    private static let failedCondition = ServiceFault(
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
        status: 412
    )

    /// - Returns: the new version.
    mutating func store(
        _ bytes: [UInt8],
        _ bucket: String,
        _ key: String,
        _ headers: [String: String],
        at now: Double
    ) -> String {
        let etag = Self.etag(of: bytes)
        buckets[bucket]?.objects[key] = StoredObject(bytes: bytes, etag: etag, headers: headers, modifiedAt: now)
        return etag
    }

    private func get(_ bucket: String, _ key: String, _ call: Call) throws -> Answer {
        try check(bucket, call)
        guard let object = buckets[bucket]?.objects[key] else {
            throw ServiceFault("NoSuchKey", "The specified key does not exist.", status: 404)
        }
        var headers = object.headers.filter { $0.key != "content-type" }
        headers["Content-Type"] = object.headers["content-type"] ?? "binary/octet-stream"
        headers["ETag"] = object.etag
        headers["Last-Modified"] = HTTPDate.text(object.modifiedAt)
        if let known = call.request.headers["if-none-match"], Self.bare(known) == Self.bare(object.etag) {
            return Answer(status: 304, headers: ["ETag": object.etag])
        }
        if let wanted = call.request.headers["if-match"], Self.bare(wanted) != Self.bare(object.etag) {
            throw Self.failedCondition
        }
        if let range = call.request.headers["range"] { return try part(range, of: object, headers) }
        guard call.operation == "GetObject" else {
            headers["Content-Length"] = "\(object.bytes.count)"
            return Answer(headers: headers)
        }
        return Answer(headers: headers, body: object.bytes)
    }

    /// An ETag is opaque: of an encrypted object it is no MD5 either.
    static func etag(of bytes: [UInt8]) -> String { "\"\(Hexadecimal.encode(SHA256.hash(bytes)).prefix(32))\"" }

    static func bare(_ etag: String) -> String { etag.filter { $0 != "\"" } }

    private func list(_ bucket: String, _ call: Call) throws -> Answer {
        try check(bucket, call)
        let parameters = call.request.parameters
        let prefix = parameters["prefix"] ?? ""
        let after = parameters["continuation-token"].flatMap(PageToken.read) ?? parameters["start-after"] ?? ""
        let limit = min(Int(parameters["max-keys"] ?? "") ?? 1000, 1000)
        let all = (buckets[bucket]?.objects ?? [:]).filter { $0.key.hasPrefix(prefix) && $0.key > after }
            .sorted { $0.key < $1.key }
        let page = all.prefix(limit)
        var children = [
            XMLText.element("Name", bucket), XMLText.element("Prefix", prefix),
            XMLText.element("KeyCount", "\(page.count)"),
            XMLText.element("MaxKeys", "\(limit)"), XMLText.element("IsTruncated", "\(page.count < all.count)"),
        ]
        if page.count < all.count, let last = page.last {
            children.append(XMLText.element("NextContinuationToken", PageToken.make(last.key)))
        }
        children += page.map { key, object in
            XMLText.element(
                "Contents",
                [
                    XMLText.element("Key", key), XMLText.element("LastModified", Timestamp.text(object.modifiedAt)),
                    XMLText.element("ETag", object.etag), XMLText.element("Size", "\(object.bytes.count)"),
                    XMLText.element("StorageClass", "STANDARD"),
                ]
            )
        }
        let root = XMLText.element(
            "ListBucketResult",
            children,
            attributes: " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""
        )
        return .xml(root, type: "application/xml")
    }
}
