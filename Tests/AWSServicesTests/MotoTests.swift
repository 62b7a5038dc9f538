import AWSCore
import AWSServices
import AWSTestSupport
import Foundation
import TestSupport
import Testing

/// Each call of each service but `ListRegions`, which moto lacks, against somebody else's AWS through our own transport.
@Suite(.requiresMotoServer, .timeLimit(.minutes(10))) struct MotoTests {
    @Test func `STS tells who calls, and gives sessions in other accounts`() async throws {
        try await LiveAWS.with { aws in
            let caller = try await aws.client().send(STS.GetCallerIdentity())
            #expect(caller.Account == "123456789012")
            #expect(caller.Arn.hasPrefix("arn:aws:"))
            #expect(!caller.UserId.isEmpty)
            let session = try await aws.client().send(
                STS.AssumeRole(
                    RoleArn: "arn:aws:iam::111111111111:role/ScanfleetMember",
                    RoleSessionName: "scanfleet-test",
                    DurationSeconds: 3600,
                    ExternalId: "an-id"
                )
            )
            #expect(session.AssumedRoleArn == "arn:aws:sts::111111111111:assumed-role/ScanfleetMember/scanfleet-test")
            let left = try #require(session.Credentials.expiration) - Date.now.timeIntervalSince1970
            #expect((3000...3700).contains(left))
            let member = try await aws.client(StaticCredentials(session.Credentials)).send(STS.GetCallerIdentity())
            #expect(member.Account == "111111111111")
        }
    }

    @Test func `Sessions of several accounts see their own registries`() async throws {
        try await LiveAWS.with { aws in
            let sessions = RoleSessions(
                runtime: aws.runtime,
                source: StaticCredentials(.test),
                region: "eu-central-1",
                roleName: "ScanfleetMember",
                externalID: nil,
                sessionName: "test"
            )
            let accounts = ["111111111111", "222222222222", "333333333333"]
            for account in accounts {
                let client = aws.client(await sessions.provider(for: account))
                _ = try await client.send(ECR.CreateRepository(repositoryName: "of-\(account)"))
            }
            for account in accounts {
                let client = aws.client(await sessions.provider(for: account))
                let listed = try await client.send(ECR.DescribeRepositories()).repositories ?? []
                #expect(listed.map(\.repositoryName) == ["of-\(account)"])
                #expect(listed.map(\.registryId) == [account])
                #expect(try await client.send(STS.GetCallerIdentity()).Account == account)
            }
        }
    }

    @Test func `Organizations lists accounts page by page`() async throws {
        try await LiveAWS.with { aws in
            let client = aws.client()
            _ = try await client.send(Organizations.CreateOrganization())
            for number in 0..<5 {
                _ = try await client.send(
                    Organizations.CreateAccount(AccountName: "a\(number)", Email: "\(number)@example.com")
                )
            }
            var pages: [[Organizations.Account]] = []
            for try await page in client.pages(Organizations.ListAccounts(MaxResults: 2)) {
                pages.append(page.Accounts ?? [])
            }
            #expect(pages.map(\.count) == [2, 2, 2])
            let accounts = pages.flatMap { $0 }
            #expect(Set(accounts.compactMap(\.Id)).count == 6)
            #expect(accounts.allSatisfy { $0.State ?? $0.Status == "ACTIVE" })
            #expect(Set(accounts.compactMap(\.Name)).isSuperset(of: (0..<5).map { "a\($0)" }))
        }
    }

    @Test func `ECR lists, scans and reads findings`() async throws {
        try await LiveAWS.with { aws in try await tourECR(aws.client()) }
    }

    @Test func `DynamoDB writes, reads, refuses by condition, and streams the changes`() async throws {
        try await LiveAWS.with { aws in
            let stream = try await tourDynamoDB(aws.client())
            try await tourStream(aws.client(), stream)
        }
    }

    @Test func `S3 writes by condition and reads back`() async throws {
        try await LiveAWS.with { aws in
            let keys = ["findings/index.json", "a b/\u{FC}+&=?#%20.json", "plain"]
            try await tourS3(aws.client(region: "us-east-1"), keys: keys)
        }
    }
}
