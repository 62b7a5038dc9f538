import Domain
import FindingStore
import TestSupport
import Testing

/// What a sweep costs: calls beside the least that the organization allows, and what the table is charged.
@Suite(.serialized, .requires("redis-server"), .timeLimit(.minutes(30))) struct CallCountTests {
    private struct Call: Decodable, Sendable {
        var service: String
        var operation: String
        var count: Int

        var name: String { "\(service) \(operation)" }
    }

    private struct Units: Decodable, Sendable {
        var read: Double
        var write: Double
    }

    /// What one sweep did.
    private struct Cost: Sendable {
        var calls: [String: Int]
        var read: Int
        var write: Int
        var took: Duration
        var output: String

        func count(_ name: String) -> Int { calls[name] ?? 0 }
        var writes: Int {
            ["PutItem", "DeleteItem", "BatchWriteItem"].reduce(0) { $0 + count("dynamodb \($1)") }
        }
    }

    private func calls(_ fleet: Fleet) async throws -> [String: Int] {
        let page = try await fleet.page(path: "/_calls", as: [Call].self)
        return Dictionary(page.map { ($0.name, $0.count) }, uniquingKeysWith: +)
    }

    private func sweep(_ fleet: Fleet) async throws -> Cost {
        let before = try await calls(fleet)
        let units = try await fleet.page(path: "/_units", as: Units.self)
        let began = ContinuousClock.now
        let ended = try await fleet.run("sweep", "collect", "--wait")
        #expect(ended.status == 3, "\(ended.output)\n\(ended.errors)")
        let took = ContinuousClock.now - began
        let spent = try await fleet.page(path: "/_units", as: Units.self)
        return Cost(
            calls: try await calls(fleet).merging(before) { $0 - $1 },
            read: Int(spent.read - units.read),
            write: Int(spent.write - units.write),
            took: took,
            output: ended.output
        )
    }

    @Test func `A sweep makes hardly more calls than the least, and one without changes writes no image`() async throws
    {
        try await Fleet.simulated { fleet in
            #expect(try await fleet.run("init").status == 0)
            let worker = try await fleet.start("worker")
            let truth = try await fleet.page(path: "/_truth", as: Truth.self)
            let first = try await sweep(fleet)
            // What is being scanned at first has ended after this one.
            _ = try await sweep(fleet)
            _ = try await sweep(fleet)
            let stored = try await fleet.store.known()
            let second = try await sweep(fleet)
            #expect(try await fleet.store.known() == stored)
            print(table(Least(truth), first, second))
            for (name, least) in Least(truth).first { #expect(first.count(name) <= least + least / 50, "\(name)") }
            for (name, least) in Least(truth).unchanged { #expect(second.count(name) <= least, "\(name)") }
            #expect(!second.output.contains("written"), "\(second.output)")
            // The record of the sweep itself, when it begins and when it ends; nothing about any place or image.
            #expect(second.writes == 2, "\(second.calls)")
            #expect(second.write == 2)
            try await worker.terminate()
        }
    }

    private func table(_ least: Least, _ first: Cost, _ second: Cost) -> String {
        let names = Set(least.first.keys).union(first.calls.keys).union(second.calls.keys).sorted()
        let rows = names.filter { first.count($0) + second.count($0) > 0 }.map { name in
            let (one, other) = (
                least.first[name].map(String.init) ?? "–", least.unchanged[name].map(String.init) ?? "–"
            )
            return "| \(name) | \(one) | \(first.count(name)) | \(other) | \(second.count(name)) |"
        }
        let head = ["| call | least | first collect | least | collect without changes |", "|---|---|---|---|---|"]
        let feet = [
            "| read units | | \(first.read) | | \(second.read) |",
            "| write units | | \(first.write) | | \(second.write) |",
            "| time | | \(first.took) | | \(second.took) |",
        ]
        return (head + rows + feet).joined(separator: "\n")
    }
}

/// The least number of calls that tell everything about the organization, with one process that lists and one worker.
private struct Least {
    var first: [String: Int] = [:]
    var unchanged: [String: Int]

    init(_ truth: Truth) {
        let reachable = truth.accounts.filter { $0.obstacle == nil }
        let registries = reachable.flatMap(\.regions).filter { $0.obstacle == nil }
        let repositories = registries.flatMap { registry in registry.repositories.map { (registry, $0) } }
        // Five accounts a page, and one page that is empty.
        first["organizations ListAccounts"] = (truth.accounts.count + 4) / 5 + 1
        // Each process has sessions of its own; the account that refuses is asked once.
        first["sts AssumeRole"] = 2 * reachable.count + truth.accounts.count { $0.obstacle == "access_denied" }
        first["account ListRegions"] = reachable.count
        first["ecr GetRegistryScanningConfiguration"] = registries.count
        first["ecr DescribeRepositories"] = registries.reduce(0) { $0 + max(1, ($1.repositories.count + 999) / 1000) }
        first["ecr DescribeImages"] = repositories.count
        first["ecr BatchGetImage"] = repositories.count { _, repository in
            repository.images.contains { $0.kind == "index" }
        }
        let images = repositories.flatMap { registry, repository in
            repository.images.filter { $0.kind == "image" && $0.coverage?.state != "archived" }.map { (registry, $0) }
        }
        unchanged = first
        unchanged["sts AssumeRole"] = reachable.count + truth.accounts.count { $0.obstacle == "access_denied" }
        unchanged["ecr DescribeImageScanFindings"] = images.count
        first["ecr DescribeImageScanFindings"] = images.reduce(0) { sum, image in
            let page = image.0.scan_type == "ENHANCED" ? 100 : 1000
            return sum + max(1, (image.1.findings.count + page - 1) / page)
        }
    }
}
