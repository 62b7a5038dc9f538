import AWSCore
import Domain
import FindingStore
import Foundation
import HTTPTransport
import Support
import Synchronization
import Testing

@Suite struct ScanBudgetTests {
    private let registry = Registry(
        account: AccountID(rawValue: "111111111111"),
        region: RegionName(rawValue: "eu-west-1")
    )

    @Test(arguments: [0, 1, 31]) func `A write whose answer is lost takes nothing twice`(others: Int) async throws {
        let table = ForgetfulTable(others: others)
        let store = try table.store()
        #expect(try await store.takeScans(10, of: registry, limit: 100) == 10)
        #expect(table.puts == 2)
        #expect(try await store.scansLeft(in: registry, limit: 100) == 90)
    }
}

/// A table of one item, whose first write takes effect and is never answered; all later ones meet it, and what others
/// have written since, and are refused.
private final class ForgetfulTable: Sendable {
    private let state = Mutex((item: "", puts: 0))
    private let others: Int

    init(others: Int) { self.others = others }

    var puts: Int { state.withLock { $0.puts } }

    func store() throws -> FindingStore {
        let runtime = AWSRuntime(
            http: HTTPClient { try self.answer($0) },
            endpoints: try EndpointResolver(environment: ["AWS_ENDPOINT_URL": "http://127.0.0.1:1"]),
            sleep: { _ in },
            now: { 1000 }
        )
        let keys = Credentials(accessKeyID: "id", secretAccessKey: Secret("key"))
        let client = AWSClient(runtime: runtime, region: "eu-west-1", credentials: StaticCredentials(keys))
        return FindingStore(client: client, table: "t", now: { 1000 }, sleep: { _ in })
    }

    private func answer(_ request: HTTPRequest) throws -> HTTPResponse {
        guard request.headers.contains(where: { $0.value.hasSuffix(".PutItem") }) else {
            let items = state.withLock { $0.item }
            return HTTPResponse(status: 200, body: Array(#"{"Responses":{"t":[\#(items)]}}"#.utf8))
        }
        let body = try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
        var members = body?["Item"] as? [String: [String: Any]] ?? [:]
        let writers = members["writers"]?["L"] as? [[String: String]] ?? []
        members["writers"] = ["L": writers + (0..<others).map { ["S": "other \($0)"] }]
        members["version"] = ["N": "\(1 + others)"]
        let item = try JSONSerialization.data(withJSONObject: members)
        let isFirst = state.withLock { state in
            state.puts += 1
            if state.puts == 1 { state.item = String(decoding: item, as: UTF8.self) }
            return state.puts == 1
        }
        if isFirst { throw HTTPTransportError.connection("reset") }
        return HTTPResponse(status: 400, body: Array(#"{"__type":"x#ConditionalCheckFailedException"}"#.utf8))
    }
}
