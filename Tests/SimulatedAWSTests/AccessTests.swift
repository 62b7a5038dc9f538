import AWSCore
import AWSServices
import SimulatedAWS
import Testing

@testable import struct SimulatedAWS.JSONValue

@Suite(.timeLimit(.minutes(1))) struct AccessTests {
    private static var tiny: SimulatorConfiguration {
        var configuration = SimulatorConfiguration()
        configuration.accounts = 3
        configuration.repositories = 1
        configuration.images = 2
        configuration.manyRepositories = 1
        return configuration
    }

    private func code(_ body: () async throws -> Void) async throws -> String? {
        do {
            try await body()
            return nil
        } catch let error as AWSServiceError {
            return error.code.rawValue
        }
    }

    @Test func `A wrong secret and an unknown key are refused by every service in its own words`() async throws {
        try await LiveSimulator.with(Self.tiny) { simulator in
            let wrong = simulator.client(
                StaticCredentials(Credentials(accessKeyID: "AKIASIMULATORMANAGEMENT", secretAccessKey: Secret("wrong")))
            )
            #expect(try await code { _ = try await wrong.send(ECR.DescribeRepositories()) } == "InvalidSignatureException")
            #expect(try await code { _ = try await wrong.send(STS.GetCallerIdentity()) } == "SignatureDoesNotMatch")
            let object = S3.GetObject(Bucket: "scanfleet-report", Key: "none")
            #expect(try await code { _ = try await wrong.send(object) } == "SignatureDoesNotMatch")
            let unknown = simulator.client(
                StaticCredentials(Credentials(accessKeyID: "AKIANOBODY", secretAccessKey: Secret("simulated-secret")))
            )
            #expect(try await code { _ = try await unknown.send(ECR.DescribeRepositories()) } == "UnrecognizedClientException")
            #expect(try await code { _ = try await unknown.send(STS.GetCallerIdentity()) } == "InvalidClientTokenId")
        }
    }

    @Test func `A session sees its own account and ends`() async throws {
        var configuration = Self.tiny
        configuration.sessionSeconds = 1
        configuration.externalID = "an-id"
        try await LiveSimulator.with(configuration) { simulator in
            let truth = try await simulator.truth()
            let account = try #require(truth["accounts"]?.elements?[1]["id"]?.text)
            let role = "arn:aws:iam::\(account):role/ScanfleetMember"
            let denied = STS.AssumeRole(RoleArn: role, RoleSessionName: "test", DurationSeconds: 900)
            #expect(try await code { _ = try await simulator.client().send(denied) } == "AccessDenied")
            let keys = try await simulator.client().send(
                STS.AssumeRole(RoleArn: role, RoleSessionName: "test", DurationSeconds: 900, ExternalId: "an-id")
            ).Credentials
            let client = simulator.client(StaticCredentials(keys))
            #expect(try await client.send(STS.GetCallerIdentity()).Account == account)
            #expect(try await code { _ = try await client.send(Organizations.ListAccounts()) } == "AccessDeniedException")
            try await simulator.runtime.sleep(.seconds(1.1))
            #expect(try await code { _ = try await client.send(ECR.DescribeRepositories()) } == "ExpiredTokenException")
        }
    }

    @Test func `Only the member role of an account that lets us in can be assumed`() async throws {
        try await LiveSimulator.with(Self.tiny) { simulator in
            let truth = try await simulator.truth()
            let accounts = (truth["accounts"]?.elements ?? []).compactMap { $0["id"]?.text }
            for role in [
                "arn:aws:iam::\(accounts[2]):role/ScanfleetMember", "arn:aws:iam::\(accounts[1]):role/Admin",
                "arn:aws:iam::999999999999:role/ScanfleetMember",
            ] {
                let request = STS.AssumeRole(RoleArn: role, RoleSessionName: "test", DurationSeconds: 900)
                #expect(try await code { _ = try await simulator.client().send(request) } == "AccessDenied")
            }
        }
    }
}
