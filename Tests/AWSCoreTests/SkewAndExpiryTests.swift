internal import AWSCore
internal import HTTPTransport
import Support
internal import Synchronization
internal import Testing

@Suite struct SkewAndExpiryTests {
    /// 2015-08-30 12:36 UTC by the client's clock, 13:36 by the service's.
    private static let date = (name: "Date", value: "Sun, 30 Aug 2015 13:36:00 GMT")

    private static let skewed: ScriptedService.Line = { request in
        let dated = request.headers.first { $0.name == "X-Amz-Date" }?.value ?? ""
        return dated.hasPrefix("20150830T1336")
            ? .json(#"{"names":[]}"#) : .failure(403, "SignatureDoesNotMatch", headers: [date])
    }

    @Test(arguments: ["RequestTimeTooSkewed", "RequestInTheFuture", "InvalidSignatureException", "AuthFailure"])
    func `Dates by the service's clock after its refusal`(code: String) async throws {
        let service = ScriptedService([{ _ in .failure(400, code, headers: [Self.date]) }, Self.skewed])
        _ = try await service.client().send(ListThings())
        #expect(service.requests.map { $0.header("X-Amz-Date") } == ["20150830T123600Z", "20150830T133600Z"])
        #expect(service.sleeps.isEmpty)
    }

    @Test func `Remembers a host's clock for all clients, but not for other hosts`() async throws {
        let service = ScriptedService([Self.skewed])
        let runtime = try service.runtime()
        let keys = StaticCredentials(SignatureVector.credentials)
        let east = AWSClient(runtime: runtime, region: "us-east-1", credentials: keys)
        _ = try await east.send(ListThings())
        #expect(service.requests.count == 2)
        _ = try await AWSClient(runtime: runtime, region: "us-east-1", credentials: keys).send(ListThings())
        #expect(service.requests.count == 3)
        _ = try await AWSClient(runtime: runtime, region: "us-west-2", credentials: keys).send(ListThings())
        #expect(service.requests.count == 5)
    }

    @Test func `Believes a refusal whose date agrees with ours`() async throws {
        let date = (name: "Date", value: "Sun, 30 Aug 2015 12:36:30 GMT")
        let service = ScriptedService([{ _ in .failure(403, "SignatureDoesNotMatch", headers: [date]) }])
        let error = await #expect(throws: AWSServiceError.self) { try await service.client().send(ListThings()) }
        #expect(error?.isAboutSignature == true)
        #expect(error?.isAccessDenied == false)
        #expect(service.requests.count == 1)
    }

    @Test func `Follows a clock that is put right again`() async throws {
        let right = (name: "Date", value: "Sun, 30 Aug 2015 12:36:00 GMT")
        let service = ScriptedService([
            { _ in .failure(400, "RequestInTheFuture", headers: [Self.date]) }, { _ in .json(#"{"names":[]}"#) },
            { _ in .failure(400, "RequestTimeTooSkewed", headers: [right]) }, { _ in .json(#"{"names":[]}"#) },
        ])
        let client = try service.client()
        for _ in 0..<2 { _ = try await client.send(ListThings()) }
        let times = service.requests.map { String($0.header("X-Amz-Date")?.dropFirst(9) ?? "") }
        #expect(times == ["123600Z", "133600Z", "133600Z", "123600Z"])
    }

    @Test func `Corrects the clock once a call`() async throws {
        let answers = Counter()
        let service = ScriptedService([
            { _ in
                let date = (name: "Date", value: "Sun, 30 Aug 2015 1\(2 + answers.increment()):36:00 GMT")
                return .failure(403, "RequestTimeTooSkewed", headers: [date])
            }
        ])
        await #expect(throws: AWSServiceError.self) { try await service.client().send(ListThings()) }
        #expect(service.requests.count == 2)
    }

    @Test(arguments: ["ExpiredToken", "ExpiredTokenException"])
    func `Renews refused credentials once, for any number of calls`(code: String) async throws {
        let service = ScriptedService([
            { request in
                let isNew = request.header("X-Amz-Security-Token") == "token 2"
                return isNew ? .json(#"{"names":[]}"#) : .failure(400, code)
            }
        ])
        let loads = Counter()
        let provider = Self.sessions(loads)
        let client = try service.client(provider)
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 { group.addTask { _ = try await client.send(ListThings()) } }
            try await group.waitForAll()
        }
        #expect(loads.value == 2)
        #expect(service.requests.count <= 100)
    }

    /// Sessions of an hour, numbered in their tokens.
    private static func sessions(_ loads: Counter) -> ExpiringCredentials {
        ExpiringCredentials(
            now: { 0 },
            load: {
                Credentials(
                    accessKeyID: "ID",
                    secretAccessKey: Secret("secret"),
                    sessionToken: Secret("token \(loads.increment())"),
                    expiration: 3600
                )
            }
        )
    }

    @Test func `Does not repeat a call with keys that cannot be renewed`() async throws {
        let service = ScriptedService([{ _ in .failure(400, "ExpiredToken") }])
        await #expect(throws: AWSServiceError.self) { try await service.client().send(ListThings()) }
        #expect(service.requests.count == 1)
    }

    @Test func `Gives up where new credentials are expired too`() async throws {
        let service = ScriptedService([{ _ in .failure(400, "ExpiredTokenException") }])
        let loads = Counter()
        let error = await #expect(throws: AWSServiceError.self) {
            try await service.client(Self.sessions(loads)).send(ListThings())
        }
        #expect(error?.isExpiredToken == true)
        #expect(service.requests.count == 2)
        #expect(loads.value == 2)
    }
}

/// Counts calls, from any task.
final class Counter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    @discardableResult func increment() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
