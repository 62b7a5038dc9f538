import AWSCore
import AWSServices
import Domain
import FindingStore
import Foundation
import HTTPTransport
import TestSupport
import Testing

/// The faults of the services around the queue, on the fleet's own processes; `ops/faults` runs them too.
///
/// The seed is `SCANFLEET_SEED`.
@Suite(.serialized, .requires("redis-server"), .timeLimit(.minutes(30))) struct FleetFaultTests {
    private func post(_ fleet: Fleet, _ path: String) async throws {
        _ = try await fleet.page("POST", path: path, as: Anything.self)
    }

    private struct Anything: Decodable {
        init(from decoder: any Decoder) {}
    }

    private func expectTruth(_ fleet: Fleet) async throws {
        let truth = try await fleet.page(path: "/_truth", as: Truth.self).images
        let wrong = differences(try await fleet.store.known(), truth)
        #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
        #expect(!truth.isEmpty)
    }

    @Test
    func
        `Fault 19, Workers die while DynamoDB throttles, fails late and leaves work undone; nothing is lost or double`()
        async throws
    {
        var random = SeededGenerator(state: seed)
        try await Fleet.simulated(["--accounts", "6", "--seed", "\(seed)"]) { fleet in
            _ = try await fleet.run("init")
            try await post(fleet, "/_fail?service=dynamodb&throttle=0.3")
            try await post(fleet, "/_fail?service=dynamodb&operation=PutItem&late_error=0.1")
            try await post(fleet, "/_fail?service=dynamodb&operation=BatchWriteItem&unprocessed=0.05")
            let ports = try (0..<2).map { _ in try FreePort.next() }
            var workers: [ServerProcess] = []
            for port in ports {
                workers.append(try await fleet.start("worker", with: ["SCANFLEET_LISTEN": "127.0.0.1:\(port)"]))
            }
            async let sweep = fleet.run("sweep", "collect", "--wait")
            var slots: [Double] = []
            for _ in 0..<2 {
                try await Task.sleep(for: .milliseconds(Int.random(in: 1500...3500, using: &random)))
                for port in ports {
                    slots += [try await metric("scanfleet_worker_slots_jobs", fleet, port)].compactMap(\.self)
                }
                let victim = Int.random(in: 0..<2, using: &random)
                try await workers[victim].kill()
                let address = "127.0.0.1:\(ports[victim])"
                workers[victim] = try await fleet.start("worker", with: ["SCANFLEET_LISTEN": address])
            }
            let ended = try await sweep
            #expect(ended.status == 3, "\(ended.output)\n\(ended.errors)")
            try await post(fleet, "/_fail?clear=1")
            try await expectTruth(fleet)
            let (records, older) = try await tokensThatWentBack(fleet)
            #expect(older.isEmpty, "I4: \(older)")
            #expect(slots.contains { $0 < 64 }, "back-pressure is not visible: \(slots)")
            for worker in workers { try await worker.terminate() }
            print(
                "19 DynamoDB at its worst: seed \(seed), 2 kills, \(records) writes, 0 by an older token, slots \(slots)"
            )
        }
    }

    @Test func `Fault 20, S3 refuses the report; the old one stays whole and the next attempt wins`() async throws {
        try await Fleet.simulated(["--accounts", "3", "--seed", "\(seed)"]) { fleet in
            _ = try await fleet.run("init")
            let worker = try await fleet.start("worker")
            let aggregator = try await fleet.start("aggregator")
            _ = try await fleet.run("sweep", "collect", "--wait")
            let isWritten = try await eventually { try await fleet.report("index.json") != nil }
            #expect(isWritten)
            let before = try await fleet.pushedTags
            try await post(fleet, "/_fail?service=s3&operation=PutObject&error=1")
            try await post(fleet, "/_change?kind=push&count=2&seed=\(seed)")
            _ = try await fleet.run("sweep", "collect", "--wait")
            try await Task.sleep(for: .seconds(4))
            #expect(try await fleet.pushedTags == before, "the old report stays while the new one is refused")
            try await post(fleet, "/_fail?clear=1")
            try await post(fleet, "/_fail?service=s3&operation=PutObject&late_error=0.3")
            let isNew = try await eventually {
                let tags = try await fleet.pushedTags
                return tags.subtracting(before).count == 2
            }
            #expect(isNew, "the next attempt has not won")
            try await worker.terminate()
            try await aggregator.terminate()
        }
    }

    @Test func `Fault 21, Hubot fails; reports go on, everything is announced later and nothing twice`() async throws {
        try await Fleet.simulated(["--accounts", "3", "--seed", "\(seed)"]) { fleet in
            _ = try await fleet.run("init")
            let worker = try await fleet.start("worker")
            let aggregator = try await fleet.start("aggregator")
            try await post(fleet, "/_fail?service=hubot&times=1000000&status=500")
            _ = try await fleet.run("sweep", "collect", "--wait")
            let isWritten = try await eventually { try await fleet.report("index.json") != nil }
            #expect(isWritten, "Hubot delays the report")
            #expect(try await fleet.page(path: "/_hubot", as: HubotPage.self).messages.isEmpty)
            try await post(fleet, "/_fail?service=hubot&times=2&status=503")
            let accounts = Set(
                try await fleet.page(path: "/_truth", as: Truth.self).accounts.filter { $0.obstacle == nil }.map(\.id)
            )
            let areTold = try await eventually {
                Set(try await fleet.page(path: "/_hubot", as: HubotPage.self).baselines) == accounts
            }
            #expect(areTold)
            let page = try await fleet.page(path: "/_hubot", as: HubotPage.self)
            #expect(page.baselines.count == accounts.count, "an account was summarised twice")
            let keys = page.messages.compactMap(\.idempotency_key)
            #expect(Set(keys).count == page.messages.count, "a message was sent again after it was accepted")
            try await worker.terminate()
            try await aggregator.terminate()
        }
    }

    @Test func `Fault 22, Role sessions that expire or are revoked in the middle of jobs are renewed`() async throws {
        try await Fleet.simulated(["--accounts", "4", "--latency", "0.2", "--seed", "\(seed)"]) { fleet in
            _ = try await fleet.run("init")
            let worker = try await fleet.start("worker")
            async let sweep = fleet.run("sweep", "collect", "--wait")
            // Far enough apart that no call meets both: one renewal is all that a call gets.
            for ending in ["/_expire", "/_expire?revoke=1"] {
                try await Task.sleep(for: .seconds(5))
                try await post(fleet, ending)
            }
            let ended = try await sweep
            #expect(ended.status == 3, "\(ended.output)\n\(ended.errors)")
            try await expectTruth(fleet)
            try await worker.terminate()
        }
    }

    // MARK: What is looked at

    private var seed: UInt64 {
        ProcessInfo.processInfo.environment["SCANFLEET_SEED"].flatMap { UInt64($0) } ?? 1
    }

    /// A gauge of one process; nil while it does not answer.
    private func metric(_ name: String, _ fleet: Fleet, _ port: Int) async throws -> Double? {
        do {
            let url = "http://127.0.0.1:\(port)/metrics"
            let text = String(
                decoding: try await fleet.http.send(HTTPRequest(method: "GET", url: url)).body,
                as: UTF8.self
            )
            let line = text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
            return line.flatMap { Double($0.dropFirst(name.count + 1)) }
        } catch is HTTPTransportError {
            return nil
        }
    }

    /// I4: walks through all that was ever written, and names what an older token wrote over a newer one's.
    private func tokensThatWentBack(_ fleet: Fleet) async throws -> (records: Int, older: [String]) {
        let home = try fleet.home
        let table = try await home.send(DynamoDB.DescribeTable(TableName: "scanfleet")).Table
        let arn = try #require(table?.LatestStreamArn)
        let shards = try await home.send(DynamoDBStreams.DescribeStream(StreamArn: arn)).StreamDescription?.Shards ?? []
        var newest: [DynamoDB.Item: Int] = [:]
        var (count, older) = (0, [String]())
        for shard in shards.compactMap(\.ShardId) {
            let start = DynamoDBStreams.GetShardIterator(
                StreamArn: arn,
                ShardId: shard,
                ShardIteratorType: "TRIM_HORIZON"
            )
            var iterator = try await home.send(start).ShardIterator
            while let next = iterator {
                let page = try await home.send(DynamoDBStreams.GetRecords(ShardIterator: next))
                for record in page.Records ?? [] {
                    guard let keys = record.dynamodb?.Keys, case .n(let text)? = record.dynamodb?.NewImage?["token"],
                        let token = Int(text)
                    else { continue }
                    count += 1
                    if token < newest[keys, default: 0] { older.append("\(keys)") }
                    newest[keys] = max(token, newest[keys, default: 0])
                }
                iterator = page.Records?.isEmpty == false ? page.NextShardIterator : nil
            }
        }
        #expect(count > 0)
        return (count, older)
    }
}

extension Fleet {
    /// The tags that `/_change?kind=push` made, in the report that old dashboards read.
    fileprivate var pushedTags: Set<String> {
        get async throws {
            let text = String(decoding: try await report("findings.json") ?? [], as: UTF8.self)
            return Set(text.split(separator: "\"").filter { $0.hasPrefix("pushed-") }.map(String.init))
        }
    }
}

/// SplitMix64, so that a seed gives the same choices again.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
