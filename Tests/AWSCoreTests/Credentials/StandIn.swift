internal import AWSCore
internal import EventLoop
internal import Foundation
internal import HTTPTransport
internal import Synchronization
internal import TestSupport

/// STS, agent and metadata service on one server of a test's own, a directory for files, and a process that asks.
struct StandIn: Sendable {
    let server: ScriptedHTTPServer
    let directory: TemporaryDirectory
    let runtime: AWSRuntime
    let clock: Clock

    /// Seconds since 1970 that a test sets, and what came to pass: waits that nobody waited for, and warnings.
    final class Clock: Sendable {
        private let state = Mutex((now: 1_800_000_000.0, sleeps: [Duration](), warnings: [String]()))

        var now: Double { state.withLock { $0.now } }
        var sleeps: [Duration] { state.withLock { $0.sleeps } }
        var warnings: [String] { state.withLock { $0.warnings } }

        func advance(by seconds: Double) { state.withLock { $0.now += seconds } }
        func sleep(_ duration: Duration) { state.withLock { $0.sleeps.append(duration) } }
        func warn(_ line: String) { state.withLock { $0.warnings.append(line) } }
    }

    /// Runs `body` on an event loop as the product's tasks run.
    static func with(
        _ script: @escaping ScriptedHTTPServer.Script,
        _ body: @escaping @Sendable (StandIn) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { directory in
            try await ScriptedHTTPServer.with(script) { server in
                try await EventLoop.with { loop in
                    let transport = try CurlTransport(loop: loop)
                    let standIn = try StandIn(server, directory, transport.client)
                    let outcome: Result<Void, any Error>
                    do {
                        outcome = .success(try await body(standIn))
                    } catch {
                        outcome = .failure(error)
                    }
                    await transport.shutdown()
                    try outcome.get()
                }
            }
        }
    }

    private init(_ server: ScriptedHTTPServer, _ directory: TemporaryDirectory, _ http: HTTPClient) throws {
        let clock = Clock()
        self.server = server
        self.directory = directory
        self.clock = clock
        runtime = AWSRuntime(
            http: http,
            endpoints: try EndpointResolver(environment: ["AWS_ENDPOINT_URL": server.url]),
            sleep: { clock.sleep($0) },
            now: { clock.now }
        )
    }

    /// A chain that finds nothing but what `variables` name.
    func chain(
        _ variables: [String: String],
        runProcess: @escaping CredentialsProcess.Runner = { _ in throw CredentialsError("no program is run here") }
    ) throws -> CredentialsChain {
        CredentialsChain(
            try CredentialsSource(environment: ["HOME": directory.path].merging(variables) { $1 }),
            runtime: runtime,
            region: "eu-central-1",
            sessionName: "scanfleet-test",
            runProcess: runProcess,
            warn: { [clock] in clock.warn($0) }
        )
    }

    /// The keys that a chain of its own finds.
    func credentials(_ variables: [String: String]) async throws -> Credentials {
        let chain = try chain(variables)
        return try await chain.credentials()
    }

    /// The environment of an EC2 instance whose metadata this server has.
    var instance: [String: String] { ["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url + "/"] }

    /// The environment of a pod whose agent this server is.
    var pod: [String: String] { ["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/v1/credentials"] }

    /// The environment of a pod with a token of the cluster's in a file.
    func webIdentity(_ token: String = "token-1") throws -> [String: String] {
        [
            "AWS_WEB_IDENTITY_TOKEN_FILE": try directory.write(token, to: "token"),
            "AWS_ROLE_ARN": "arn:aws:iam::111111111111:role/pod",
        ]
    }

    /// The environment of somebody with these profiles.
    func profiles(_ config: String, credentials: String? = nil) throws -> [String: String] {
        var variables = ["AWS_CONFIG_FILE": try directory.write(config, to: "config")]
        if let credentials {
            variables["AWS_SHARED_CREDENTIALS_FILE"] = try directory.write(credentials, to: "credentials")
        }
        return variables
    }
}

/// What servers answer.
enum Answer {
    /// The document of agents and instance metadata.
    static func document(_ id: String, until expiration: String = "2027-01-15T14:00:00Z") -> String {
        """
        {"Code":"Success","Type":"AWS-HMAC","LastUpdated":"2027-01-15T08:00:00Z","AccessKeyId":"\(id)",\
        "SecretAccessKey":"hush","Token":"quiet","Expiration":"\(expiration)"}
        """
    }

    /// STS' answer to `action`.
    static func session(_ action: String, _ id: String, until expiration: String = "2027-01-15T09:00:00Z") -> String {
        """
        <\(action)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><\(action)Result><AssumedRoleUser>\
        <AssumedRoleId>AROA:s</AssumedRoleId><Arn>arn:aws:sts::111111111111:assumed-role/r/s</Arn></AssumedRoleUser>\
        <Credentials><AccessKeyId>\(id)</AccessKeyId><SecretAccessKey>hush</SecretAccessKey>\
        <SessionToken>quiet</SessionToken><Expiration>\(expiration)</Expiration></Credentials></\(action)Result>\
        </\(action)Response>
        """
    }

    /// STS' refusal.
    static func refusal(_ code: String, _ message: String = "no") -> String {
        """
        <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>\(code)</Code>\
        <Message>\(message)</Message></Error><RequestId>1</RequestId></ErrorResponse>
        """
    }

    /// Instance metadata as they should be, with keys from a closure.
    static func metadata(_ document: @escaping @Sendable () -> String) -> ScriptedHTTPServer.Script {
        { request in
            switch (request.method, request.target) {
            case ("PUT", "/latest/api/token"): [.answer(body: "v2-token")]
            case ("GET", "/latest/meta-data/iam/security-credentials/"): [.answer(body: "the-role\n")]
            case ("GET", "/latest/meta-data/iam/security-credentials/the-role"): [.answer(body: document())]
            default: [.answer(404)]
            }
        }
    }
}

extension ScriptedRequest {
    /// The fields of a form.
    var form: [String: String] {
        let pairs = String(decoding: body, as: UTF8.self).split(separator: "&").map { field in
            let parts = field.split(separator: "=", maxSplits: 1).map { String($0).removingPercentEncoding ?? "" }
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
        return Dictionary(pairs) { $1 }
    }
}

/// The error that an operation ends with; a test fails where there is none.
func failure(_ body: () async throws -> Void) async -> CredentialsError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? CredentialsError
    }
}
