import AWSCore
import AWSServices
import SimulatedAWS
import Support
import Testing

@testable import enum SimulatedAWS.JSONValue

@Suite(.timeLimit(.minutes(10))) struct AccessTests {
    private static var tiny: SimulatorConfiguration {
        var configuration = SimulatorConfiguration()
        configuration.accounts = 3
        configuration.repositories = 1
        configuration.images = 2
        configuration.manyRepositories = 1
        return configuration
    }

    private func expectRefusal<Operation: AWSOperation>(
        _ client: AWSClient,
        _ operation: Operation,
        _ code: String,
        location: SourceLocation = #_sourceLocation
    ) async throws {
        do {
            _ = try await client.send(operation)
            Issue.record("The call succeeded.", sourceLocation: location)
        } catch let error as AWSServiceError {
            #expect(error.code.rawValue == code, sourceLocation: location)
        }
    }

    @Test func `A wrong secret and an unknown key are refused by every service in its own words`() async throws {
        try await LiveSimulator.with(Self.tiny) { simulator in
            let wrong = simulator.client(
                StaticCredentials(Credentials(accessKeyID: "AKIASIMULATORMANAGEMENT", secretAccessKey: Secret("wrong")))
            )
            try await expectRefusal(wrong, ECR.DescribeRepositories(), "InvalidSignatureException")
            try await expectRefusal(wrong, STS.GetCallerIdentity(), "SignatureDoesNotMatch")
            let object = S3.GetObject(Bucket: "scanfleet-report", Key: "none")
            try await expectRefusal(wrong, object, "SignatureDoesNotMatch")
            let unknown = simulator.client(
                StaticCredentials(Credentials(accessKeyID: "AKIANOBODY", secretAccessKey: Secret("simulated-secret")))
            )
            try await expectRefusal(unknown, ECR.DescribeRepositories(), "UnrecognizedClientException")
            try await expectRefusal(unknown, STS.GetCallerIdentity(), "InvalidClientTokenId")
        }
    }

    @Test func `A session needs the external id, and sees its own account`() async throws {
        var configuration = Self.tiny
        configuration.externalID = "an-id"
        try await LiveSimulator.with(configuration) { simulator in
            let truth = try await simulator.truth()
            let account = try #require(truth["accounts"]?.elements?[1]["id"]?.text)
            let role = "arn:aws:iam::\(account):role/ScanfleetMember"
            let denied = STS.AssumeRole(RoleArn: role, RoleSessionName: "test", DurationSeconds: 900)
            try await expectRefusal(simulator.client(), denied, "AccessDenied")
            let keys = try await simulator.client().send(
                STS.AssumeRole(RoleArn: role, RoleSessionName: "test", DurationSeconds: 900, ExternalId: "an-id")
            ).Credentials
            let client = simulator.client(StaticCredentials(keys))
            #expect(try await client.send(STS.GetCallerIdentity()).Account == account)
            try await expectRefusal(client, Organizations.ListAccounts(), "AccessDeniedException")
        }
    }

    @Test func `A session that is over is refused as expired`() async throws {
        var configuration = Self.tiny
        configuration.sessionSeconds = -1
        try await LiveSimulator.with(configuration) { simulator in
            let role = "arn:aws:iam::\(SimulatorConfiguration.managementAccount):role/ScanfleetMember"
            let keys = try await simulator.client().send(
                STS.AssumeRole(RoleArn: role, RoleSessionName: "test", DurationSeconds: 900)
            ).Credentials
            let client = simulator.client(StaticCredentials(keys))
            try await expectRefusal(client, ECR.DescribeRepositories(), "ExpiredTokenException")
            try await expectRefusal(client, STS.GetCallerIdentity(), "ExpiredToken")
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
                try await expectRefusal(simulator.client(), request, "AccessDenied")
            }
        }
    }
}
