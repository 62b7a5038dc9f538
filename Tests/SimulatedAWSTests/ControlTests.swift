import AWSCore
import AWSServices
import SimulatedAWS
import Testing

@testable import enum SimulatedAWS.JSONValue

@Suite(.timeLimit(.minutes(10))) struct ControlTests {
    private static var tiny: SimulatorConfiguration {
        var configuration = SimulatorConfiguration()
        configuration.accounts = 1
        configuration.repositories = 1
        configuration.images = 2
        configuration.manyRepositories = 1
        return configuration
    }

    private func single(_ simulator: LiveSimulator) -> AWSClient {
        AWSClient(
            runtime: simulator.runtime,
            region: "us-east-1",
            credentials: StaticCredentials(LiveSimulator.managementKey),
            maximumAttempts: 1
        )
    }

    @Test func `A fault is answered as often as it was asked for, and counted`() async throws {
        try await LiveSimulator.with(Self.tiny) { simulator in
            _ = try await simulator.page("/_fail?operation=DescribeRepositories&throttle=1&times=2", method: "POST")
            for _ in 0..<2 {
                let error = try await #require(throws: AWSServiceError.self) {
                    _ = try await single(simulator).send(ECR.DescribeRepositories())
                }
                #expect(error.code.rawValue == "ThrottlingException")
            }
            _ = try await single(simulator).send(ECR.DescribeRepositories())
            let calls = try await simulator.page("/_calls").json.elements ?? []
            #expect(calls.contains { $0["outcome"] == "ThrottlingException" && $0["count"] == 2 })
            #expect(
                calls.contains {
                    $0["operation"] == "DescribeRepositories" && $0["outcome"] == "ok" && $0["count"] == 1
                }
            )
        }
    }

    @Test func `A quota throttles one operation of one registry`() async throws {
        var configuration = Self.tiny
        configuration.quota = 0.01
        try await LiveSimulator.with(configuration) { simulator in
            var refused = 0
            for _ in 0..<3 {
                do {
                    _ = try await single(simulator).send(ECR.DescribeRepositories())
                } catch let error as AWSServiceError where error.code.rawValue == "ThrottlingException" {
                    refused += 1
                }
            }
            #expect(refused == 2)
            _ = try await single(simulator).send(ECR.DescribeImages(repositoryName: "platform/odd-images"))
        }
    }

    @Test func `Hubot keeps what it took, and fails when told to`() async throws {
        try await LiveSimulator.with(Self.tiny) { simulator in
            _ = try await simulator.page("/_fail?service=hubot&times=1&status=502", method: "POST")
            let message = "{\"room\":\"ops\",\"message\":\"hello\"}"
            #expect(try await simulator.page("/hubot/news", method: "POST", body: message).status == 502)
            #expect(try await simulator.page("/hubot/news", method: "POST", body: message).status == 200)
            let room = try await simulator.page("/_hubot").json
            #expect(room["refused"] == 1)
            #expect(room["messages"]?.elements?.map { $0["body"]?["message"] } == ["hello"])
            #expect(
                try await simulator.page("/hubot/news", method: "POST", body: String(repeating: "x", count: 102_401))
                    .status == 413
            )
        }
    }

    @Test func `S3 writes only where the condition holds`() async throws {
        try await LiveSimulator.with(Self.tiny) { simulator in
            let client = single(simulator)
            let path = "findings/a b+c.json"
            let first = try await client.send(
                S3.PutObject(Bucket: "scanfleet-report", Key: path, Body: [1], IfNoneMatch: "*")
            )
            let again = try await #require(throws: AWSServiceError.self) {
                _ = try await client.send(
                    S3.PutObject(Bucket: "scanfleet-report", Key: path, Body: [2], IfNoneMatch: "*")
                )
            }
            #expect(again.code.rawValue == "PreconditionFailed" && again.status == 412)
            _ = try await client.send(
                S3.PutObject(Bucket: "scanfleet-report", Key: path, Body: [3], IfMatch: first.ETag)
            )
            #expect(try await client.send(S3.GetObject(Bucket: "scanfleet-report", Key: path)).Body == [3])
            let missing = try await #require(throws: AWSServiceError.self) {
                _ = try await client.send(S3.HeadBucket(Bucket: "nobodys"))
            }
            #expect(missing.status == 404)
        }
    }

    @Test func `Reset brings back the organization of the beginning`() async throws {
        try await LiveSimulator.with(Self.tiny) { simulator in
            let before = told(try await simulator.truth()).map(\.findings)
            _ = try await simulator.page("/_change?kind=push&count=2", method: "POST")
            #expect(told(try await simulator.truth()).count == before.count + 2)
            _ = try await simulator.page("/_reset", method: "POST")
            #expect(told(try await simulator.truth()).map(\.findings) == before)
        }
    }
}
