import AWSCore
import AWSServices
import AWSTestSupport
import Testing

/// Every call of S3, its answers and its errors, with objects of these keys.
func tourS3(_ client: AWSClient, keys: [String]) async throws {
    #expect(await errorCode { try await client.send(S3.HeadBucket(Bucket: "reports")) } == "NoSuchBucket")
    _ = try await client.send(S3.CreateBucket(Bucket: "reports"))
    _ = try await client.send(S3.HeadBucket(Bucket: "reports"))
    let lost = S3.PutObject(Bucket: "absent", Key: "k", Body: [])
    #expect(await errorCode { try await client.send(lost) } == "NoSuchBucket")
    for key in keys { try await tourObject(client, key) }
}

private func tourObject(_ client: AWSClient, _ key: String) async throws {
    let get = S3.GetObject(Bucket: "reports", Key: key)
    #expect(await errorCode { try await client.send(get) } == "NoSuchKey")
    let headers = S3.ObjectHeaders(
        ContentType: "application/json",
        ContentEncoding: "x-none",
        CacheControl: "max-age=60"
    )
    var put = S3.PutObject(Bucket: "reports", Key: key, Body: Array("{}".utf8), Headers: headers, IfNoneMatch: "*")
    let first = try #require(try await client.send(put).ETag)
    #expect(await errorCode { try await client.send(put) } == "PreconditionFailed")

    var read = try await client.send(get)
    #expect(read.Body == Array("{}".utf8))
    #expect(read.ETag == first)
    #expect(read.Headers == headers)
    let known = try await client.send(S3.GetObject(Bucket: "reports", Key: key, IfNoneMatch: first))
    #expect(known.Body == nil)

    put.IfNoneMatch = nil
    put.IfMatch = "\"00000000000000000000000000000000\""
    #expect(await errorCode { try await client.send(put) } == "PreconditionFailed")
    put.IfMatch = first
    put.Body = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    let second = try #require(try await client.send(put).ETag)
    #expect(second != first)
    read = try await client.send(get)
    #expect(read.Body == put.Body)
}
