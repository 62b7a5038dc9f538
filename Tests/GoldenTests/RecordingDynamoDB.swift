import AWSCore
import Compression
import FindingStore
import Foundation
import HTTPTransport
import Support
import Synchronization

/// A DynamoDB that holds nothing, accepts everything and writes down what it was asked.
final class RecordingDynamoDB: Sendable {
    private let calls: Mutex<[(operation: String, body: [UInt8])]> = Mutex([])

    /// A store on it, at a time that stands still.
    func store() throws -> FindingStore {
        let runtime = AWSRuntime(
            http: HTTPClient { self.answer($0) },
            endpoints: try EndpointResolver(environment: ["AWS_ENDPOINT_URL": "http://127.0.0.1:1"]),
            sleep: { _ in },
            now: { 1000 }
        )
        let keys = Credentials(accessKeyID: "id", secretAccessKey: Secret("key"))
        let client = AWSClient(runtime: runtime, region: "eu-west-1", credentials: StaticCredentials(keys))
        return FindingStore(client: client, table: "t", now: { 1000 }, sleep: { _ in })
    }

    /// All calls so far, each with its body as sorted JSON.
    func text() throws -> String {
        try calls.withLock { calls in
            try calls.map { "\($0.operation)\n\(try RequestText.of($0.body))\n" }.joined()
        }
    }

    /// The keys of all items that any call named.
    func keys() throws -> [String] { try calls.withLock { try $0.flatMap { try RequestText.keys(in: $0.body) } } }

    private func answer(_ request: HTTPRequest) -> HTTPResponse {
        let target = request.headers.first { $0.name.lowercased() == "x-amz-target" }?.value ?? ""
        let operation = String(target.split(separator: ".").last ?? "")
        calls.withLock { $0.append((operation, request.body)) }
        return HTTPResponse(status: 200, body: Array((Self.answers[operation] ?? "{}").utf8))
    }

    private static let answers = [
        "Query": #"{"Items":[]}"#, "BatchGetItem": #"{"Responses":{"t":[]}}"#,
        "DescribeTable": """
        {"Table":{"TableStatus":"ACTIVE","LatestStreamArn":"stream","StreamSpecification":{"StreamEnabled":true},\
        "KeySchema":[{"AttributeName":"PK","KeyType":"HASH"},{"AttributeName":"SK","KeyType":"RANGE"}]}}
        """,
    ]
}

/// A request to DynamoDB as text: members sorted, and what is compressed unpacked, since its bytes are zlib's.
enum RequestText {
    static func of(_ body: [UInt8]) throws -> String {
        let value = try readable(try JSONSerialization.jsonObject(with: Data(body)))
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try JSONSerialization.data(withJSONObject: value, options: options), as: UTF8.self)
    }

    static func keys(in body: [UInt8]) throws -> [String] {
        keys(in: try JSONSerialization.jsonObject(with: Data(body)))
    }

    private static func keys(in value: Any) -> [String] {
        if let list = value as? [Any] { return list.flatMap(keys) }
        guard let members = value as? [String: Any] else { return [] }
        let (partition, sort) = (members["PK"] as? [String: String], members["SK"] as? [String: String])
        let own = [partition?["S"], sort?["S"]].compactMap(\.self)
        return (own.isEmpty ? [] : [own.joined(separator: " ")]) + members.values.flatMap(keys)
    }

    private static func readable(_ value: Any) throws -> Any {
        if let list = value as? [Any] { return try list.map(readable) }
        guard let members = value as? [String: Any] else { return value }
        if members.count == 1, let text = members["B"] as? String, let data = Data(base64Encoded: text) {
            return ["B": try unpacked(Array(data))]
        }
        var result = try members.mapValues(readable)
        if result["ClientRequestToken"] != nil { result["ClientRequestToken"] = "TOKEN" }
        if result["writers"] != nil { result["writers"] = ["L": [["S": "RANDOM"]]] }
        return result
    }

    /// What is no whole gzip is a piece of one, of which only a full piece's length is ours to decide.
    private static func unpacked(_ bytes: [UInt8]) throws -> Any {
        let plain: [UInt8]
        do {
            plain = try Gzip.decompress(bytes, limit: 1 << 24)
        } catch {
            return bytes.count > 300_000 ? "\(bytes.count) bytes of gzip" : "the rest of a gzip"
        }
        return ["gzip": try JSONSerialization.jsonObject(with: Data(plain))]
    }
}
