import JobQueue
import Redis

/// What one or several runs of an experiment came to: a line of the table.
struct Verdict {
    var experiment: String
    var seed: UInt64
    var runs = 1
    var jobs = 0
    var kills = 0
    var lost = 0
    var runTwice = 0
    var countedTwice = 0
    /// Seconds from a worker's death to the next beginning of each job that it held.
    var recoveries: [Double] = []
    /// Promises that were broken.
    var failures: [String] = []
    /// Further findings, such as a measured rate.
    var notes: [String] = []

    init(_ experiment: String, seed: UInt64) {
        self.experiment = experiment
        self.seed = seed
    }

    mutating func expect(_ isSo: Bool, _ promise: String) {
        if !isSo { failures.append(promise) }
    }

    mutating func add(_ other: Verdict) {
        runs += other.runs
        jobs += other.jobs
        kills += other.kills
        lost += other.lost
        runTwice += other.runTwice
        countedTwice += other.countedTwice
        recoveries += other.recoveries
        failures += other.failures
        notes += other.notes
    }

    // MARK: The table

    static let heading = ["experiment", "seed", "runs", "jobs", "kills", "lost", "twice", "counted", "p50", "p99", ""]

    var row: [String] {
        [
            experiment, String(seed), String(runs), String(jobs), String(kills), String(lost), String(runTwice),
            String(countedTwice), seconds(0.5), seconds(0.99), failures.isEmpty ? "ok" : "BROKEN",
        ]
    }

    private func seconds(_ quantile: Double) -> String {
        recovery(quantile).map { $0.rounded(places: 2) + " s" } ?? "-"
    }

    private func recovery(_ quantile: Double) -> Double? {
        let sorted = recoveries.sorted()
        return sorted.isEmpty ? nil : sorted[min(sorted.count - 1, Int(Double(sorted.count) * quantile))]
    }

    /// All but one in a hundred of a dead worker's jobs began again within this time.
    mutating func expectRecovery(within seconds: Double) {
        guard let late = recovery(0.99) else {
            return failures.append("no job of a dead worker was seen to begin again")
        }
        expect(late <= seconds, "dead workers' jobs began again after up to \(late.rounded(places: 2)) s")
    }
}

extension Double {
    func rounded(places: Int) -> String {
        let scale = (0..<places).reduce(1.0) { product, _ in product * 10 }
        return String((self * scale).rounded() / scale)
    }
}

extension Arena {
    /// I1 to I3 of a sweep, and what the diaries say about its jobs.
    func judge(
        _ verdict: inout Verdict,
        sweep id: String = CoordinatorCommand.sweep,
        diaries: Bool = true
    ) async throws {
        guard let sweep = try await sweeps.sweep(id) else {
            verdict.failures.append("the sweep is gone")
            return
        }
        let over = sweep.done + sweep.dead + sweep.cancelled
        let states = try await values("st:\(id)")
        verdict.jobs += sweep.total
        verdict.kills = kills
        verdict.lost += sweep.total - over
        verdict.countedTwice += abs((sweep.tallies["jobs"] ?? 0) - sweep.done)
        verdict.expect(over == sweep.total, "I1: \(over) of \(sweep.total) jobs are over")
        verdict.expect(states.count == sweep.total, "I1: \(states.count) records of \(sweep.total) jobs")
        for (letter, count) in [("d", sweep.done), ("x", sweep.dead), ("c", sweep.cancelled)] {
            let found = states.count { $0 == letter }
            verdict.expect(found == count, "I1: \(found) jobs are in the state \(letter), \(count) were counted")
        }
        verdict.expect(sweep.isComplete, "I2: the sweep is not complete")
        let completions = try await completions(of: id)
        verdict.expect(completions == 1, "I2: \(completions) completions were told")
        try await judgeFlight(&verdict)
        if diaries { try judgeDiaries(&verdict) }
    }

    private func judgeFlight(_ verdict: inout Verdict) async throws {
        let leases = try await redis.send(["ZCARD", key("lease")]).number ?? -1
        verdict.expect(leases == 0, "I3: \(leases) leases are left")
        let busy = try await values("workers")
        verdict.expect(busy.isEmpty, "I3: \(busy.count) workers have jobs")
        let alone = try await values("alone")
        verdict.expect(alone.isEmpty, "I3: a suspect runs")
        for name in try await redis.send(["KEYS", key("b:*")]).elements?.compactMap(\.text) ?? [] {
            let count = try await redis.send(["HGET", name, "inflight"]).text ?? "0"
            verdict.expect(count == "0", "I3: \(count) in flight in \(name)")
        }
    }

    /// What the diaries say about the attempts at all jobs.
    func judgeDiaries(_ verdict: inout Verdict) throws {
        let deaths = deaths
        var begun: [String: [EventLog.Entry]] = [:]
        var isOver: Set<Int> = []
        for entry in try diaries() {
            if entry.event == .begin { begun[entry.payload, default: []].append(entry) }
            if entry.event == .settled || entry.event == .lost { isOver.insert(entry.token) }
        }
        for attempts in begun.values {
            if attempts.count > 1 { verdict.runTwice += 1 }
            for (attempt, next) in zip(attempts, attempts.dropFirst()) where !isOver.contains(attempt.token) {
                if let death = deaths[attempt.worker] { verdict.recoveries.append(max(0, next.time - death)) }
            }
        }
    }

    private func completions(of sweep: String) async throws -> Int {
        let events = try await redis.send(["XRANGE", key("ev"), "-", "+"]).elements ?? []
        let texts = events.compactMap { $0.elements?.last?.elements?.compactMap(\.text) }
        return texts.count { $0 == ["event", "completed", "sweep", sweep] }
    }

    private func values(_ name: String) async throws -> [String] {
        try await redis.send(["HVALS", key(name)]).elements?.compactMap(\.text) ?? []
    }

    func key(_ name: String) -> String { "{\(QueueOptions.fleet)}:\(name)" }
}

extension Arena {
    /// How many jobs the workers of one release have settled, whose scripts differ in nothing else.
    func settled(of release: Int) throws -> Int {
        try diaries().count { $0.event == .settled && (releases[$0.worker] ?? 1) == release }
    }
}
