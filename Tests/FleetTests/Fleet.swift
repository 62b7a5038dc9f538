import AWSCore
import AWSServices
import Compression
import EventLoop
import FindingStore
import Foundation
import HTTPTransport
import Subprocess
import Support
import Synchronization
import TestSupport
import Testing

/// A fleet of real processes around one Redis and one AWS, for the length of a closure.
struct Fleet: Sendable {
    /// Keys that sign for the account that owns table and bucket.
    struct Keys: Sendable {
        var id: String
        var secret: String
    }

    /// How a command ended.
    struct Ended: Sendable {
        var status: Int
        var output: String
        var errors: String
    }

    let redis: RedisServer
    let endpoint: String
    let keys: Keys
    let http: HTTPClient
    /// Everything but PATH that the processes see.
    let environment: [String: String]

    static let bucket = "scanfleet-report"
    static let regions = ["us-east-1", "eu-west-1", "ap-east-1"]

    /// Runs one fleet against the simulator.
    static func simulated(
        _ options: [String] = [],
        _ body: (Fleet) async throws -> Void
    ) async throws {
        let address = Mutex("")
        let shared = Shared(address)
        let simulator = ServerProcess(Products.simulator, ["--port", "0", "--bucket", bucket] + options) { line in
            guard let start = line.range(of: "listening on ") else { return false }
            shared.value.withLock { $0 = line[start.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines) }
            return true
        }
        try await simulator.start()
        let endpoint = shared.value.withLock { $0 }
        let keys = Keys(id: "AKIASIMULATORMANAGEMENT", secret: "simulated-secret")
        let hubot = [
            "SCANFLEET_HUBOT_URL": "\(endpoint)/hubot/scanfleet", "SCANFLEET_HUBOT_ROOM": "security",
        ]
        let outcome = await Result.of { try await with(endpoint: endpoint, keys: keys, extra: hubot, body) }
        try await simulator.kill()
        try outcome.get()
    }

    private final class Shared: Sendable {
        let value: Mutex<String>
        init(_ value: consuming Mutex<String>) { self.value = value }
    }

    /// Runs one fleet against whatever serves AWS at `endpoint`.
    static func with(
        endpoint: String,
        keys: Keys,
        extra: [String: String] = [:],
        _ body: (Fleet) async throws -> Void
    ) async throws {
        try await RedisServer.with { redis in
            let loop = try EventLoop()
            let transport = try CurlTransport(loop: loop)
            let environment = [
                "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": keys.id, "AWS_SECRET_ACCESS_KEY": keys.secret,
                "AWS_ENDPOINT_URL": endpoint, "SCANFLEET_REDIS_URL": "unix://\(redis.socketPath)",
                "SCANFLEET_REGIONS": regions.joined(separator: ","), "SCANFLEET_BUCKET": bucket,
                "SCANFLEET_IMAGES_PER_REPOSITORY": "0", "SCANFLEET_LISTEN": "127.0.0.1:0",
            ].merging(extra) { _, later in later }
            let fleet = Fleet(
                redis: redis,
                endpoint: endpoint,
                keys: keys,
                http: transport.client,
                environment: environment
            )
            let outcome = await Result.of { try await body(fleet) }
            await transport.shutdown()
            loop.shutdown()
            try outcome.get()
        }
    }

    // MARK: Processes

    /// Runs one command to its end, which SIGTERM brings after so many seconds where they are given.
    func run(
        _ arguments: String...,
        with extra: [String: String?] = [:],
        endingAfter seconds: Int? = nil
    ) async throws -> Ended {
        try await run(arguments, with: extra, endingAfter: seconds)
    }

    /// Runs one command, its arguments in an array.
    func run(
        _ arguments: [String],
        with extra: [String: String?] = [:],
        endingAfter seconds: Int? = nil
    ) async throws -> Ended {
        var variables: [String: String?] = environment.mapValues { $0 }
        for (name, value) in extra { variables[name] = value }
        let settings = variables.compactMap { name, value in value.map { "\(name)=\($0)" } }
        let ending = seconds.map { ["timeout", "--preserve-status", String($0)] } ?? []
        let result = try await Subprocess.run(
            .name("env"),
            arguments: Arguments(settings + ending + [Products.scanfleet] + arguments),
            output: .string(limit: 4 << 20),
            error: .string(limit: 16 << 20)
        )
        let status: Int =
            switch result.terminationStatus {
            case .exited(let code): Int(code)
            case .signaled(let signal): -Int(signal)
            }
        return Ended(status: status, output: result.standardOutput, errors: result.standardError)
    }

    /// Starts a long-running role, which may be killed, stopped and started again.
    func start(_ role: String, with extra: [String: String] = [:]) async throws -> ServerProcess {
        let settings = environment.merging(extra) { _, later in later }.map { "\($0.key)=\($0.value)" }
        let process = ServerProcess("env", settings + [Products.scanfleet, role]) { $0.contains("role started") }
        try await process.start()
        return process
    }

    // MARK: What the outside sees

    /// A client of the account that owns table and bucket, as long as `body` runs.
    var home: AWSClient {
        get throws {
            let credentials = Credentials(accessKeyID: keys.id, secretAccessKey: Secret(keys.secret))
            return AWSClient(runtime: try runtime, region: "us-east-1", credentials: StaticCredentials(credentials))
        }
    }

    /// A client of another account, through the role that the fleet assumes there.
    func member(_ account: String) async throws -> AWSClient {
        let role = "arn:aws:iam::\(account):role/ScanfleetMember"
        let session = try await home.send(STS.AssumeRole(RoleArn: role, RoleSessionName: "test"))
        return AWSClient(runtime: try runtime, region: "us-east-1", credentials: StaticCredentials(session.Credentials))
    }

    /// Calls as the fleet makes them.
    var runtime: AWSRuntime {
        get throws {
            AWSRuntime(
                http: http,
                endpoints: try EndpointResolver(environment: ["AWS_ENDPOINT_URL": endpoint]),
                sleep: { try await Task.sleep(for: $0) },
                now: { Date().timeIntervalSince1970 }
            )
        }
    }

    /// The store as the workers write it.
    var store: FindingStore {
        get throws {
            FindingStore(client: try home, table: "scanfleet", now: { Date().timeIntervalSince1970 })
        }
    }

    /// One file of the report; nil while there is none.
    func report(_ name: String) async throws -> [UInt8]? {
        do {
            let object = try await home.send(S3.GetObject(Bucket: Self.bucket, Key: "findings/\(name)"))
            return try object.Body.map { try Gzip.decompress($0, limit: 1 << 30) }
        } catch let error as AWSServiceError where error.status == 404 {
            return nil
        }
    }

    /// A role's metrics; nothing where it does not listen yet, or not any more.
    func metrics(_ port: Int) async throws -> String {
        do {
            let response = try await http.send(HTTPRequest(method: "GET", url: "http://127.0.0.1:\(port)/metrics"))
            return String(decoding: response.body, as: UTF8.self)
        } catch is HTTPTransportError {
            return ""
        }
    }

    /// Collects until no scan that was under way has ended since: the truth that the last sweep saw.
    func collectUntilSettled() async throws -> Truth {
        var waiting = Int.max
        while true {
            let sweep = try await run("sweep", "collect", "--wait")
            #expect(sweep.status == 3, "\(sweep.output)\n\(sweep.errors)")
            let truth = try await page(path: "/_truth", as: Truth.self)
            let left = truth.images.values.count { $0.state == "waiting" }
            if left == waiting { return truth }
            waiting = left
        }
    }

    /// One of the simulator's own pages.
    func page<Page: Decodable>(_ method: String = "GET", path: String, as type: Page.Type) async throws -> Page {
        var request = HTTPRequest(method: method, url: endpoint + path)
        request.maximumResponseBytes = 1 << 30
        let response = try await http.send(request)
        guard response.status == 200 else {
            throw PageRefused(
                description: "\(path): \(response.status) \(String(decoding: response.body, as: UTF8.self))"
            )
        }
        return try JSONDecoder().decode(Page.self, from: Data(response.body))
    }
}

/// A page of the simulator that could not be had.
struct PageRefused: Error, CustomStringConvertible {
    let description: String
}

extension Result where Failure == any Error {
    /// What a throwing closure came to.
    static func of(_ body: () async throws -> Success) async -> Result {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}

/// Asks again and again until the answer is yes; false when that took too long.
///
/// The courier's pauses grow to a minute, so a room that was refused a few more times may be silent for two.
func eventually(within limit: Duration = .seconds(240), _ isDone: () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if try await isDone() { return true }
        try await Task.sleep(for: .milliseconds(200))
    }
    return false
}
