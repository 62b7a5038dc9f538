import Domain
import FindingStore
import Foundation
import Notifications
import TestSupport
import Testing

/// What the team is told while the chat fails every fifth post and the aggregator is killed again and again.
@Suite(.serialized, .requires("redis-server"), .timeLimit(.minutes(30))) struct NewsUnderFaultsTests {
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

    @Test func `Every change is announced, none is invented, and none is announced twice after a 2xx`() async throws {
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
                var table = NewsCounts()
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
                    let isTold = try await eventually {
                        let announced = Set(hubot.heardOnce[since...].flatMap(\.message.event.announcements))
                        guard expected.isSubset(of: announced) else { return false }
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
                #expect(table.mostRepeatedByOneKill <= 1)
                #expect(hubot.malformed == 0)
                try await expectReport(fleet, before)
                try await pair.end()
                try await worker.terminate()
            }
        }
    }

    @Test func `A gap in the stream is bridged and said, and every silence can be explained`() async throws {
        try await Fleet.simulated(["--accounts", "4"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let worker = try await fleet.start("worker")
            let first = try await fleet.start("aggregator")
            _ = try await fleet.run("sweep", "scan", "--wait")
            let before = try await fleet.collectUntilSettled()
            let accounts = Set(before.accounts.filter { $0.obstacle == nil }.map(\.id))
            #expect(try await eventually { Set(try await hubot(fleet).baselines) == accounts })
            #expect(try await eventually { try await drained(fleet) })
            let earlier = try await hubot(fleet).messages.count
            try await first.kill()
            for kind in ["spread&count=12", "open&count=4", "delete&count=5"] {
                _ = try await fleet.page("POST", path: "/_change?seed=3&kind=\(kind)", as: [Change].self)
            }
            let after = try await fleet.collectUntilSettled()
            _ = try await fleet.page("POST", path: "/_trim", as: Trimmed.self)
            let second = try await fleet.start("aggregator")
            let notifications = expected(from: before.images, to: after.images)
            #expect(try await eventually { Set(try await hubot(fleet).announcements).isSuperset(of: notifications) })
            #expect(try await eventually { try await drained(fleet) })
            let said = try await hubot(fleet).messages[earlier...]
            #expect(said.filter { $0.body.event.kind == "gap" }.count == 1)
            #expect(said.filter { $0.body.event.kind == "vulnerabilities" }.count >= 1)
            let announced = said.flatMap(\.body.event.announcements)
            #expect(Set(announced) == notifications)
            #expect(announced.count == notifications.count)
            let late = try await hubot(fleet).messages[..<earlier].flatMap(\.body.event.announcements).map(\.place)
            // One of an image that had findings of every kind before, and was told of in the summary.
            let ordered = notifications.sorted { $0.description < $1.description }
            let opened = ordered.first { announced in
                guard announced.what == "opened", let known = before.images[announced.place] else { return false }
                guard !late.contains(announced.place) else { return false }
                return !known.serious.isEmpty && known.serious.count < known.findings.count
            }
            try await expectExplanations(fleet, try #require(opened))
            let gone = try #require(ordered.first { $0.what == "removed" })
            let answer = try await fleet.run("explain", gone.place.digest.rawValue)
            #expect(answer.status == 0, "\(answer.errors)")
            #expect(answer.output.contains("not there any more; the last word was removed; announced in security at 2"))
            try await second.terminate()
            try await worker.terminate()
        }
    }

    @Test func `While the chat is down the report goes on, and afterwards everything is announced in order`()
        async throws
    {
        try await Fleet.simulated(["--accounts", "3"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let worker = try await fleet.start("worker")
            let port = try FreePort.next()
            let aggregator = try await fleet.start("aggregator", with: ["SCANFLEET_LISTEN": "127.0.0.1:\(port)"])
            _ = try await fleet.run("sweep", "scan", "--wait")
            let before = try await fleet.collectUntilSettled()
            let isToldFirst = try await eventually {
                let isDrained = try await drained(fleet)
                let kinds = try await hubot(fleet).messages.flatMap(\.body.event.all).map(\.kind)
                // What the first sweep could not look into is told of its own accord.
                let areTold = kinds.contains("access") || before.accounts.allSatisfy { $0.obstacle == nil }
                return isDrained && areTold && kinds.contains("baseline")
            }
            #expect(isToldFirst)
            let earlier = try await hubot(fleet).messages.count
            _ = try await fleet.page("POST", path: "/_fail?service=hubot&times=1000000&status=503", as: [Rule].self)
            var truth = before
            for seed in 1...2 {
                let already = try await outbox(fleet).count
                _ = try await fleet.page("POST", path: "/_change?kind=open&count=5&seed=\(seed)", as: [Change].self)
                truth = try await fleet.collectUntilSettled()
                try await expectReport(fleet, truth)
                #expect(try await eventually { try await outbox(fleet).count > already })
            }
            let isWaiting = try await eventually {
                let count = try await outbox(fleet).count
                let metrics = try await fleet.metrics(port)
                return count >= 2 && metrics.contains("\nscanfleet_outbox_messages \(count)\n")
                    && !metrics.contains("\nscanfleet_outbox_oldest_seconds 0\n")
            }
            #expect(isWaiting, "each change should wait in a message, and the metrics should say so")
            #expect(try await hubot(fleet).messages.count == earlier)
            let waiting = try await outbox(fleet)
            _ = try await fleet.page("POST", path: "/_fail?clear=1", as: [Rule].self)
            let notifications = expected(from: before.images, to: truth.images)
            let isTold = try await eventually {
                let isDrained = try await drained(fleet)
                let announced = try await hubot(fleet).messages[earlier...].flatMap(\.body.event.announcements)
                return isDrained && Set(announced).isSuperset(of: notifications)
            }
            #expect(isTold)
            let said = try await hubot(fleet).messages[earlier...]
            #expect(Set(said.flatMap(\.body.event.announcements)) == notifications)
            // The rest of a change may come in a message of its own, after those that were seen to wait.
            let keys = said.compactMap(\.idempotency_key)
            #expect(Array(keys.prefix(waiting.count)) == waiting)
            #expect(keys == keys.sorted() && Set(keys).count == said.count, "\(keys)")
            #expect(try await eventually { try await fleet.metrics(port).contains("\nscanfleet_outbox_messages 0\n") })
            try await aggregator.terminate()
            try await worker.terminate()
        }
    }

    private func outbox(_ fleet: Fleet) async throws -> [String] {
        try await FencedStore(try fleet.store, fence: 0).pending().map(\.id)
    }

    private struct Rule: Decodable, Sendable {}
    private struct Trimmed: Decodable, Sendable {}

    private func hubot(_ fleet: Fleet) async throws -> HubotPage {
        try await fleet.page(path: "/_hubot", as: HubotPage.self)
    }

    private func expectExplanations(_ fleet: Fleet, _ announced: Announcement) async throws {
        let id = try #require(announced.finding?.vulnerability)
        let answer = try await fleet.run("explain", id)
        #expect(answer.status == 0, "\(answer.errors)")
        #expect(answer.output.contains("\(announced.place.repository)"), "\(answer.output)")
        #expect(answer.output.contains("announced in security at 2"), "\(answer.output)")
        let image = try await fleet.run("explain", announced.place.digest.rawValue)
        #expect(image.output.contains("announced in the account's first summary"), "\(image.output)")
        #expect(image.output.contains("not announced: milder than HIGH"), "\(image.output)")
        #expect(try await fleet.run("explain", "CVE-0000-0").status == 1)

        let rules = FileManager.default.temporaryDirectory.appending(path: "rules-\(UUID().uuidString).json")
        let text = """
            {"suppressions":[{"vulnerability":"\(id)","reason":"not reachable","expires":"2999-01-01"},
            {"vulnerability":"CVE-0000-0","reason":"typing error","expires":"2999-01-01"}]}
            """
        try Data(text.utf8).write(to: rules)
        let check = try await fleet.run("suppressions", "check", with: ["SCANFLEET_SUPPRESSIONS": rules.path()])
        #expect(check.status == 1, "a rule matches nothing: \(check.errors)")
        #expect(check.output.contains("vulnerability \(id): in force until 2999-01-01;"), "\(check.output)")
        #expect(check.output.contains("vulnerability CVE-0000-0: matches nothing"), "\(check.output)")
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
        let store = FencedStore(try fleet.store, fence: 0)
        let messages = try await store.pending()
        let notes = try await store.notes(limit: 1).notes
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
            return try JSONDecoder().decode(LegacyReport.self, from: Data(bytes)).images == expected
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
