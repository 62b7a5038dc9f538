import Domain
import FindingStore
import Foundation
import TestSupport
import Testing

/// What the team is told while the chat fails every fifth post and the aggregator is killed again and again.
@Suite(.serialized, .requires("redis-server"), .timeLimit(.minutes(10))) struct NewsUnderFaultsTests {
    private struct Change: Decodable, Sendable {}

    /// Two aggregators at a time, one of them leading; the killed one is replaced at once.
    private actor Pair {
        private let fleet: Fleet
        private let settings: [String: String]
        private var processes: [(process: ServerProcess, port: Int)] = []
        private(set) var kills: [ContinuousClock.Instant] = []

        init(_ fleet: Fleet, _ settings: [String: String]) {
            self.fleet = fleet
            self.settings = settings
        }

        func fill() async throws {
            while processes.count < 2 {
                let port = try FreePort.next()
                let extra = settings.merging(["SCANFLEET_LISTEN": "127.0.0.1:\(port)"]) { $1 }
                processes.append((try await fleet.start("aggregator", with: extra), port))
            }
        }

        /// Waits for a leader, then for a moment, and kills it.
        func killLeader(at moment: @Sendable () async throws -> Void) async throws {
            var leader: Int?
            let leads = try await eventually {
                for (index, (_, port)) in processes.enumerated() where try await Self.leads(fleet, port) {
                    leader = index
                }
                return leader != nil
            }
            guard leads, let leader else { throw PageRefused(description: "no aggregator leads") }
            try await moment()
            let (process, _) = processes.remove(at: leader)
            kills.append(.now)
            try await process.kill()
            try await fill()
        }

        func end() async throws {
            for (process, _) in processes { try await process.terminate() }
            processes = []
        }

        private static func leads(_ fleet: Fleet, _ port: Int) async throws -> Bool {
            try await fleet.metrics(port).contains("scanfleet_role_leading{role=\"aggregator\"} 1")
        }
    }

    @Test func `Every change is told, none is invented, and none is told twice after a 2xx`() async throws {
        let hubot = FlakyHubot(seed: 20)
        try await ScriptedHTTPServer.with(hubot.answer) { server in
            try await Fleet.simulated(["--accounts", "8", "--latency", "0.02"]) { fleet in
                #expect(try await fleet.run("init").status == 0)
                let worker = try await fleet.start("worker")
                // A short window and many rooms make many messages, so that there is much to lose.
                let routes = try await routesFile(fleet)
                let pair = Pair(
                    fleet,
                    [
                        "SCANFLEET_HUBOT_URL": server.url, "SCANFLEET_NOTIFY_WINDOW": "2s",
                        "SCANFLEET_ROUTES": routes.path(),
                    ]
                )
                try await pair.fill()
                _ = try await fleet.run("sweep", "scan", "--wait")
                let first = try await fleet.collectUntilSettled()
                let accounts = Set(first.accounts.filter { $0.obstacle == nil }.map(\.id))
                #expect(try await eventually { Set(hubot.heard.flatMap(\.message.event.baselines)) == accounts })
                // Scans that ended after the first collect may be news: the count begins when all of it is told.
                #expect(try await eventually { try await drained(fleet) })
                let begun = hubot.heardOnce.count
                #expect(hubot.malformed == 0)

                var dice = SeededDice(state: 5)
                var table = Counts()
                var before = first
                for (round, kills) in [2, 2, 1].enumerated() {
                    let changes =
                        round % 2 == 0
                        ? ["open&count=25", "resolve&count=15", "delete&count=5", "push&count=5", "spread&count=37"]
                        : ["open&count=10", "resolve&count=10", "delete&count=5", "mend&count=100"]
                    for (number, kind) in changes.enumerated() {
                        let query = "seed=\(10 * round + number)&kind=\(kind)"
                        _ = try await fleet.page("POST", path: "/_change?\(query)", as: [Change].self)
                    }
                    async let sweeping = fleet.collectUntilSettled()
                    for kill in 0..<kills {
                        let pause = Duration.milliseconds(Int(dice.next() % 4000))
                        // One at any moment, one right after a message was accepted: the moment that costs most.
                        try await pair.killLeader {
                            if kill == 1 { await hubot.nextAcceptance() } else { try await Task.sleep(for: pause) }
                        }
                    }
                    let after = try await sweeping
                    table.expected.formUnion(expected(from: before.images, to: after.images))
                    let (since, expected) = (begun, table.expected)
                    let isTold = try await eventually(within: .seconds(120)) {
                        let told = Set(hubot.heardOnce[since...].flatMap(\.message.event.announcements))
                        guard expected.isSubset(of: told) else { return false }
                        return try await drained(fleet)
                    }
                    #expect(isTold, "round \(round) was not told")
                    before = after
                }
                table.count(hubot, since: begun, kills: await pair.kills)
                print(table.text)
                for said in hubot.heardOnce[begun...].map(\.message.message).samples { print("---\n\(said)") }
                #expect(table.expected.count > 50)
                #expect(table.missing.isEmpty, "not told: \(table.missing)")
                #expect(table.unexpected.isEmpty, "told without cause: \(table.unexpected)")
                #expect(table.toldTwice.isEmpty, "told twice: \(table.toldTwice)")
                let unexplained = table.repeatedAfter2xx.filter { !$0.isInKillWindow }
                #expect(unexplained.isEmpty, "\(unexplained)")
                #expect(table.repeatedAfter2xx.count <= 5)
                #expect(hubot.malformed == 0)
                try await expectReport(fleet, before)
                try await pair.end()
                try await worker.terminate()
            }
        }
    }

    /// A room for every repository of every second account; the others share one.
    private func routesFile(_ fleet: Fleet) async throws -> URL {
        let truth = try await fleet.page(path: "/_truth", as: Truth.self)
        let accounts = truth.accounts.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
        let routes = accounts.flatMap { account in
            Set(account.regions.flatMap(\.repositories).map(\.name)).sorted().map { name in
                #"{"room":"\#(account.id)/\#(name)","account":"\#(account.id)","repository":"\#(name)"}"#
            }
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "routes-\(UUID().uuidString).json")
        try Data("{\"routes\":[\(routes.joined(separator: ","))]}".utf8).write(to: file)
        return file
    }

    /// Whether nothing waits to be told.
    private func drained(_ fleet: Fleet) async throws -> Bool {
        let store = LedStore(try fleet.store, fence: 0)
        let messages = try await store.pending()
        let notes = try await store.notes(limit: 1)
        return messages.isEmpty && notes.isEmpty
    }

    /// Every judged image with exactly its vulnerabilities, and no other.
    private func expectReport(_ fleet: Fleet, _ truth: Truth) async throws {
        var expected: [String: Set<String>] = [:]
        for (place, image) in truth.images where image.state == "scanned" {
            expected[place.description] = Set(image.findings.map(\.key.vulnerability))
        }
        let matches = try await eventually {
            guard let bytes = try await fleet.report("findings.json") else { return false }
            return try JSONDecoder().decode(SeedReport.self, from: Data(bytes)).images == expected
        }
        #expect(matches, "findings.json is not the truth")
    }
}

extension [String] {
    /// One message of each of the three kinds that people see most.
    fileprivate var samples: [String] {
        ["Vulnerabilities ", ": new in 3", "All clear"].compactMap { start in first { $0.contains(start) } }
    }
}

/// What came of an experiment.
private struct Counts {
    struct Repetition {
        var key: String
        var isInKillWindow: Bool
    }

    var expected: Set<Announcement> = []
    var missing: Set<Announcement> = []
    var unexpected: Set<Announcement> = []
    var toldTwice: [Announcement] = []
    var repeatedAfter2xx: [Repetition] = []
    private var lines: [(String, Int)] = []

    mutating func count(_ hubot: FlakyHubot, since begun: Int, kills: [ContinuousClock.Instant]) {
        let heard = hubot.heardOnce[begun...]
        let told = heard.flatMap(\.message.event.announcements)
        missing = expected.subtracting(told)
        unexpected = Set(told).subtracting(expected)
        toldTwice = Dictionary(grouping: told, by: \.self).filter { $0.value.count > 1 }.map(\.key)
        let answered = Dictionary(grouping: hubot.posts.filter { $0.fate == .accepted }, by: \.key)
        repeatedAfter2xx = answered.filter { $0.value.count > 1 }.map { key, posts in
            let gaps = zip(posts, posts.dropFirst())
            let isInWindow = gaps.allSatisfy { first, second in
                kills.contains { first.at < $0 + .seconds(1) && $0 < second.at }
            }
            return Repetition(key: key, isInKillWindow: isInWindow)
        }
        let unanswered = Set(hubot.posts.filter { $0.fate == .unanswered }.map(\.key))
        let repeated = hubot.heard.count - hubot.heardOnce.count
        lines = FlakyHubot.Fate.allCases.map { fate in ("posts: \(fate.rawValue)", hubot.posts.count { $0.fate == fate }) }
        lines += [
            ("aggregators killed -9", kills.count), ("messages (keys)", hubot.heardOnce.count),
            ("(image, finding) expected", expected.count), ("(image, finding) told", Set(told).count),
            ("missing", missing.count), ("unexpected", unexpected.count), ("told twice under two keys", toldTwice.count),
            ("repeated after a lost answer, same key", repeated - repeatedAfter2xx.count),
            ("keys whose answer was lost", unanswered.count),
            ("repeated after a 2xx, kill between 2xx and marker", repeatedAfter2xx.count { $0.isInKillWindow }),
            ("repeated after a 2xx without a kill", repeatedAfter2xx.count { !$0.isInKillWindow }),
        ]
    }

    var text: String {
        lines.map { name, count in "| \(name.padding(toLength: 52, withPad: " ", startingAt: 0)) | \(count) |" }
            .joined(separator: "\n")
    }
}
