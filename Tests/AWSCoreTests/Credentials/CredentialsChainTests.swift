internal import AWSCore
internal import Synchronization
internal import TestSupport
internal import Testing

/// What holds for every source.
@Suite(.timeLimit(.minutes(10))) struct CredentialsChainTests {
    enum Kind: CaseIterable, Sendable {
        case role, webIdentity, process, container, instance, roleByInstance

        /// How many requests one load takes.
        var requests: Int {
            switch self {
            case .process: 0
            case .role, .webIdentity, .container: 1
            case .instance: 3
            case .roleByInstance: 4
            }
        }
    }

    /// Answers everything; `until` gives the end of each session.
    private static func script(_ answers: Counter, pause: Duration = .zero) -> ScriptedHTTPServer.Script {
        { request in
            let number = answers.increment()
            let metadata = Answer.metadata(Answer.document("KEYS\(number)", until: "2027-01-15T09:00:00Z"))
            let steps: [ScriptedHTTPServer.Step] =
                switch request.method {
                case "POST": [.answer(body: Answer.session(request.form["Action"] ?? "", "KEYS\(number)"))]
                case _ where request.target == "/v1/credentials":
                    [.answer(body: Answer.document("KEYS\(number)", until: "2027-01-15T09:00:00Z"))]
                default: metadata(request)
                }
            return [.pause(pause)] + steps
        }
    }

    private func chain(_ kind: Kind, _ standIn: StandIn, _ runs: Counter) throws -> CredentialsChain {
        let base = "[profile base]\naws_access_key_id = BASE\naws_secret_access_key = hush"
        let variables =
            switch kind {
            case .role: try standIn.profiles("[default]\nrole_arn = r/r\nsource_profile = base\n\(base)")
            case .webIdentity: try standIn.webIdentity()
            case .process: try standIn.profiles("[default]\ncredential_process = keys hush")
            case .container: standIn.pod
            case .instance: standIn.instance
            case .roleByInstance:
                try standIn.profiles("[default]\nrole_arn = r/r\ncredential_source = Ec2InstanceMetadata")
                    .merging(standIn.instance) { $1 }
            }
        return try standIn.chain(
            variables,
            runProcess: { _ in
                let run = runs.increment()
                try await Task.sleep(for: .milliseconds(50))
                let end = "2027-01-15T09:00:00Z"
                return Array(
                    #"{"Version":1,"AccessKeyId":"RUN\#(run)","SecretAccessKey":"hush","Expiration":"\#(end)"}"#.utf8
                )
            }
        )
    }

    @Test(arguments: Kind.allCases) func `500 callers make one load, when it begins and when it ends`(
        kind: Kind
    ) async throws {
        try await StandIn.with(Self.script(Counter(), pause: .milliseconds(50))) { standIn in
            let runs = Counter()
            let chain = try chain(kind, standIn, runs)
            for round in 1...2 {
                let ids = try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<500 { group.addTask { try await chain.credentials().accessKeyID } }
                    return try await group.reduce(into: Set<String>()) { $0.insert($1) }
                }
                #expect(ids.count == 1)
                #expect(standIn.server.requests.count == kind.requests * round)
                #expect(runs.value == (kind == .process ? round : 0))
                // Within the last ten minutes everybody waits for new keys; the instance's are extended by then.
                standIn.clock.advance(by: 3100)
            }
        }
    }

    @Test(arguments: Kind.allCases) func `No secret is in what a source or its keys print`(kind: Kind) async throws {
        try await StandIn.with(Self.script(Counter())) { standIn in
            let chain = try chain(kind, standIn, Counter())
            let keys = try await chain.credentials()
            for value in [chain, chain.source, keys] as [Any] {
                var dumped = ""
                dump(value, to: &dumped)
                for text in ["\(value)", String(reflecting: value), dumped] {
                    #expect(!text.contains("hush") && !text.contains("quiet"), "\(kind) \(text)")
                }
            }
        }
    }

    @Test func `A source that is configured is used though it fails`() async throws {
        let script: ScriptedHTTPServer.Script = { request in
            request.method == "POST"
                ? [.answer(403, body: Answer.refusal("AccessDenied"))] : [.answer(body: Answer.document("AGENT"))]
        }
        try await StandIn.with(script) { standIn in
            let chain = try standIn.chain(try standIn.webIdentity().merging(standIn.pod) { $1 })
            let error = await failure { _ = try await chain.credentials() }
            #expect(error?.description.contains("AccessDenied") == true)
            #expect(standIn.server.requests.allSatisfy { $0.method == "POST" })
        }
    }

    @Test func `A session of a role may be renewed in the middle of a call`() async throws {
        let calls = Mutex<[String]>([])
        let sts = Self.script(Counter())
        let script: ScriptedHTTPServer.Script = { request in
            guard request.header("X-Amz-Target") != nil else { return sts(request) }
            let isFirst = calls.withLock { calls in
                calls.append(request.header("Authorization") ?? "")
                return calls.count == 1
            }
            return isFirst
                ? [.answer(400, body: #"{"__type":"ExpiredTokenException","message":"expired"}"#)]
                : [.answer(body: #"{"names":[]}"#)]
        }
        try await StandIn.with(script) { standIn in
            let chain = try standIn.chain(try standIn.webIdentity())
            let client = AWSClient(runtime: standIn.runtime, region: "us-east-1", credentials: chain)
            _ = try await client.send(ListThings())
            #expect(standIn.server.requests.count == 4)
            #expect(Set(calls.withLock { $0 }).count == 2)
        }
    }
}
