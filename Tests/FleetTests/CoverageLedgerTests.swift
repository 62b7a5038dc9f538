import AWSCore
import AWSServices
import Domain
import FindingStore
import Foundation
import HTTPTransport
import TestSupport
import Testing

/// What the fleet says of its own completeness, in the store, the report, the status and the metrics.
@Suite(.serialized, .requires("redis-server"), .timeLimit(.minutes(30))) struct CoverageLedgerTests {
    private struct Index: Decodable {
        struct Sweep: Decodable {
            struct Completeness: Decodable {
                var verdict: String
                var ratio: Double
                var images: Int
                var gaps: Int
                var coverage: [String: Int]
            }

            var id: String
            var completeness: Completeness?
        }

        var sweeps: [Sweep]
        var images: Int
    }

    private struct Rule: Decodable {}

    private func metrics(_ fleet: Fleet, _ port: Int) async throws -> [String: Double] {
        var text = ""
        do {
            let request = HTTPRequest(method: "GET", url: "http://127.0.0.1:\(port)/metrics")
            text = String(decoding: try await fleet.http.send(request).body, as: UTF8.self)
        } catch is HTTPTransportError {
            // Not listening yet.
        }
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        let pairs = lines.compactMap { line -> (String, Double)? in
            guard let blank = line.lastIndex(of: " "), let value = Double(line[blank...].dropFirst()) else {
                return nil
            }
            return (String(line[..<blank]), value)
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    @Test func `Every image of the hardest organization is accounted for, wherever one looks`() async throws {
        try await Fleet.simulated { fleet in
            #expect(try await fleet.run("init").status == 0)
            let port = try FreePort.next()
            let worker = try await fleet.start("worker")
            let aggregator = try await fleet.start("aggregator")
            let schedule = [
                // One sweep, unless the test runs while the year of its slot ends.
                "SCANFLEET_SCAN_SCHEDULE": "off", "SCANFLEET_COLLECT_SCHEDULE": "366d",
                "SCANFLEET_LISTEN": "127.0.0.1:\(port)",
            ]
            let coordinator = try await fleet.start("coordinator", with: schedule)
            let ratio = "scanfleet_sweep_completeness_ratio{kind=\"collect\"}"
            #expect(try await eventually(within: .seconds(400)) { try await metrics(fleet, port)[ratio] != nil })

            let truth = try await fleet.page(path: "/_truth", as: Truth.self).images
            let stored = try await fleet.store.known()
            let wrong = differences(stored, truth)
            #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
            let states = Dictionary(grouping: truth.values, by: \.state).mapValues(\.count)
            print(table(states, stored: stored, truth: truth))
            let shown = try await metrics(fleet, port)
            for state in Coverage.State.allCases {
                let value = shown["scanfleet_coverage_images{state=\"\(state.rawValue)\"}"]
                #expect(value == Double(states[state.rawValue] ?? 0), "\(state)")
            }
            let index = try await index(fleet) { $0.sweeps.first?.completeness?.verdict == "complete_with_gaps" }
            let completeness = try #require(index.sweeps.first?.completeness)
            #expect(completeness.coverage == states)
            #expect(completeness.images == truth.count && index.images == truth.count)
            #expect(completeness.ratio == shown[ratio] && completeness.ratio < 1)
            let id = SweepID(rawValue: index.sweeps[0].id)
            let record = try #require(try await fleet.store.sweeps([id])[id])
            #expect(record.completeness?.verdict == .completeWithGaps)
            #expect(record.completeness?.gaps == completeness.gaps)
            #expect(record.accounts == 14)
            let status = try await fleet.run("status")
            #expect(status.output.contains("complete with gaps, \(completeness.gaps) gaps"), "\(status.output)")
            for role in [worker, aggregator, coordinator] { try await role.terminate() }
        }
    }

    @Test func `A sweep without a refusal is complete, and the table remembers it`() async throws {
        try await Fleet.simulated(["--accounts", "3"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let worker = try await fleet.start("worker")
            let narrow = ["--account", "111111111111", "--region", "us-east-1", "--repository", "platform/everything"]
            let sweep = try await fleet.run(["sweep", "collect", "--wait"] + narrow)
            #expect(sweep.status == 0, "\(sweep.output)")
            let status = try await fleet.run("status")
            #expect(status.output.contains("complete, 0 gaps, 100.0 % judged, scanned 1\n"), "\(status.output)")
            let name = try #require(status.output.split(separator: "\n").first { $0.hasPrefix("collect-now.") })
            let id = SweepID(rawValue: String(name.prefix { $0 != ":" }))
            #expect(try await fleet.store.sweeps([id])[id]?.completeness?.verdict == .complete)
            try await worker.terminate()
        }
    }

    @Test func `A table of another version is refused with what to do`() async throws {
        try await Fleet.simulated(["--accounts", "2"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let key: DynamoDB.Item = ["PK": .s("schema"), "SK": .s("-")]
            var later = key
            later["version"] = .n("99")
            _ = try await fleet.home.send(DynamoDB.PutItem(TableName: "scanfleet", Item: later))
            let newer = try await fleet.run("worker")
            #expect(newer.status == 69 && newer.errors.contains("schema version 99"), "\(newer.errors)")
            #expect(try await fleet.run("init").status == 69)
            _ = try await fleet.home.send(DynamoDB.DeleteItem(TableName: "scanfleet", Key: key))
            let older = try await fleet.run("status")
            #expect(older.status == 69 && older.errors.contains("run scanfleet init"), "\(older.errors)")
            #expect(try await fleet.run("init").status == 0)
            #expect(try await fleet.run("status").status == 0)
        }
    }

    @Test func `A sweep that could write down nothing says so, and what to do`() async throws {
        try await Fleet.simulated(["--accounts", "2"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let schedule = ["SCANFLEET_SCAN_SCHEDULE": "off", "SCANFLEET_COLLECT_SCHEDULE": "366d"]
            let coordinator = try await fleet.start("coordinator", with: schedule)
            #expect(try await eventually { try await !fleet.store.accounts().isEmpty })
            try await coordinator.terminate()
            // Nothing of it is on the disk.
            try await fleet.redis.restart()
            let denial = "/_fail?service=ecr&operation=DescribeRepositories&deny=1"
            _ = try await fleet.page("POST", path: denial, as: [Rule].self)
            let sweep = try await fleet.run("sweep", "collect")
            #expect(sweep.status == 1 && sweep.errors.contains("start a coordinator"), "\(sweep.errors)")
            let next = try await fleet.start("coordinator", with: schedule)
            #expect(try await eventually { [0, 3].contains(try await fleet.run("sweep", "collect").status) })
            try await next.terminate()
        }
    }

    // MARK: Steps

    private func index(_ fleet: Fleet, until isRight: (Index) -> Bool) async throws -> Index {
        var last: Index?
        _ = try await eventually {
            guard let bytes = try await fleet.report("index.json") else { return false }
            last = try JSONDecoder().decode(Index.self, from: Data(bytes))
            return last.map(isRight) ?? false
        }
        return try #require(last)
    }

    private func table(
        _ states: [String: Int],
        stored: [ImageReference: KnownImage],
        truth: [ImageReference: KnownImage]
    ) -> String {
        let found = Dictionary(grouping: stored.values, by: \.state).mapValues(\.count)
        let rows = Set(states.keys).union(found.keys).sorted().map { state in
            "| \(state) | \(states[state] ?? 0) | \(found[state] ?? 0) |"
        }
        let unexplained = Set(truth.keys).subtracting(stored.keys).count
        let head = ["| coverage | really | stored |", "|---|---|---|"]
        return (head + rows + ["| unexplained | | \(unexplained) |"]).joined(separator: "\n")
    }
}
