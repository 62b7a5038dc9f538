import Domain
import FindingStore
import Foundation
import TestSupport
import Testing

/// AWS, DynamoDB and Hubot at their worst; what is told in the end is true all the same.
@Suite(.serialized, .requires("redis-server"), .timeLimit(.minutes(30))) struct FaultyCloudTests {
    private struct Rule: Decodable {}

    private func fail(_ fleet: Fleet, _ query: String) async throws {
        _ = try await fleet.page("POST", path: "/_fail?\(query)", as: [Rule].self)
    }

    private func images(_ fleet: Fleet) async throws -> [ImageReference: KnownImage] {
        try await fleet.page(path: "/_truth", as: Truth.self).images
    }

    @Test func `Throttles, failures, a denied action and a vanishing repository leave nothing untrue`() async throws {
        try await Fleet.simulated(["--accounts", "5", "--vanishing-repositories", "2"]) { fleet in
            _ = try await fleet.run("init")
            let worker = try await fleet.start("worker")
            let aggregator = try await fleet.start("aggregator")
            let denied = Registry(
                account: AccountID(rawValue: "210000040404"),
                region: RegionName(rawValue: "eu-west-1")
            )
            // A quota that the fleet does not know; throttles that do not depend on the rate would only slow it down for ever.
            try await fail(fleet, "quota=8")
            try await fail(fleet, "service=dynamodb&throttle=0.03")
            try await fail(fleet, "service=dynamodb&operation=BatchWriteItem&unprocessed=0.1")
            try await fail(fleet, "service=dynamodb&operation=PutItem&error=0.03")
            try await fail(fleet, "service=ecr&operation=DescribeImages&account=210000040404&region=eu-west-1&deny=1")
            try await fail(fleet, "service=hubot&times=4&status=502")
            let scan = try await fleet.run("sweep", "scan", "--wait")
            #expect(scan.status == 3, "\(scan.output)\n\(scan.errors)")
            let first = try await fleet.run("sweep", "collect", "--wait")
            #expect(first.status == 3, "\(first.output)\n\(first.errors)")

            let refused = try await fleet.store.repositories(in: denied)
            #expect(refused.count == 5)
            #expect(refused.allSatisfy { $0.obstacle?.state == .accessDenied })
            #expect(refused.allSatisfy { $0.obstacle?.reason?.contains("DescribeImages") == true })
            let seen = try await images(fleet).filter { $0.key.repository.registry != denied }
            let stored = try await fleet.store.known().filter { $0.key.repository.registry != denied }
            let wrong = differences(stored, seen)
            #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")

            try await fail(fleet, "clear=1")
            let second = try await fleet.run("sweep", "collect", "--wait")
            #expect(second.status == 3, "\(second.output)\n\(second.errors)")
            let rest = differences(try await fleet.store.known(), try await images(fleet))
            #expect(rest.isEmpty, "\(rest.joined(separator: "\n"))")
            let open = try await fleet.store.repositories(in: denied)
            #expect(open.allSatisfy { $0.obstacle == nil })
            let accounts = Set(
                try await fleet.page(path: "/_truth", as: Truth.self).accounts.filter { $0.obstacle == nil }.map(\.id)
            )
            let areTold = try await eventually {
                Set(try await fleet.page(path: "/_hubot", as: HubotPage.self).baselines) == accounts
            }
            #expect(areTold)
            try await worker.terminate()
            try await aggregator.terminate()
        }
    }
}
