/// Objects written in parts, and read in ranges.
extension ObjectStore {
    /// An object on its way.
    struct Upload: Sendable {
        var bucket: String
        var key: String
        var headers: [String: String]
        var parts: [Int: (bytes: [UInt8], etag: String)] = [:]
    }

    /// All parts but the last have as many bytes.
    private static let smallestPart = 5 << 20

    mutating func createUpload(_ bucket: String, _ key: String, _ call: Call) throws -> Answer {
        try check(bucket, call)
        let id = "upload-\(UInt64.random(in: .min ... .max))"
        uploads[id] = Upload(bucket: bucket, key: key, headers: Self.kept(call))
        let children = [("Bucket", bucket), ("Key", key), ("UploadId", id)].map { XMLText.element($0.0, $0.1) }
        return .xml(XMLText.element("InitiateMultipartUploadResult", children), type: "application/xml")
    }

    mutating func uploadPart(_ bucket: String, _ call: Call) throws -> Answer {
        try check(bucket, call)
        let parameters = call.request.parameters
        let id = parameters["uploadId"] ?? ""
        guard uploads[id] != nil else { throw Self.noSuchUpload }
        guard let number = parameters["partNumber"].flatMap({ Int($0) }), (1...10_000).contains(number) else {
            throw ServiceFault("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive")
        }
        let etag = Self.etag(of: call.request.body)
        uploads[id]?.parts[number] = (call.request.body, etag)
        return Answer(headers: ["ETag": etag])
    }

    mutating func completeUpload(_ bucket: String, _ key: String, _ call: Call) throws -> Answer {
        try check(bucket, call)
        let id = call.request.parameters["uploadId"] ?? ""
        guard let upload = uploads[id], upload.bucket == bucket, upload.key == key else { throw Self.noSuchUpload }
        try checkConditions(bucket, key, call)
        let parts = upload.parts.sorted { $0.key < $1.key }.map(\.value)
        let wanted = Self.etags(in: String(decoding: call.request.body, as: UTF8.self))
        guard wanted == parts.map({ Self.bare($0.etag) }), !parts.isEmpty else {
            throw ServiceFault("InvalidPart", "One or more of the specified parts could not be found.")
        }
        guard parts.dropLast().allSatisfy({ $0.bytes.count >= Self.smallestPart }) else {
            throw ServiceFault("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
        }
        uploads[id] = nil
        let etag = store(parts.flatMap(\.bytes), bucket, key, upload.headers, at: call.now)
        let children = [("Bucket", bucket), ("Key", key), ("ETag", etag)].map { XMLText.element($0.0, $0.1) }
        return .xml(XMLText.element("CompleteMultipartUploadResult", children), type: "application/xml")
    }

    /// Answers `bytes=first-last` and `bytes=-count`, the only forms that are asked for.
    func part(_ range: String, of object: StoredObject, _ headers: [String: String]) throws -> Answer {
        var numbers = range.split { !$0.isNumber }.compactMap { Int($0) }
        if range.contains("=-"), let count = numbers.first {
            numbers = [max(0, object.bytes.count - count), object.bytes.count - 1]
        }
        guard numbers.count == 2, numbers[0] < object.bytes.count, numbers[0] <= numbers[1] else {
            throw ServiceFault("InvalidRange", "The requested range is not satisfiable", status: 416)
        }
        let last = min(numbers[1], object.bytes.count - 1)
        var headers = headers
        headers["Content-Range"] = "bytes \(numbers[0])-\(last)/\(object.bytes.count)"
        return Answer(status: 206, headers: headers, body: Array(object.bytes[numbers[0]...last]))
    }

    private static let noSuchUpload = ServiceFault(
        "NoSuchUpload",
        "The specified multipart upload does not exist.",
        status: 404
    )

    /// The ETags that a request to complete names, in its order, without quotes.
    private static func etags(in body: String) -> [String] {
        body.split(separator: "<ETag>").dropFirst().compactMap { rest in
            rest.split(separator: "</ETag>").first.map { bare(String($0).replacing("&quot;", with: "")) }
        }
    }
}
