internal import ArgumentParser
internal import Domain
internal import FindingStore
internal import JobQueue

/// `scanfleet status`.
struct StatusCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows the queue, the latest sweeps, and the places that cannot be looked into."
    )
    @OptionGroup var flags: ConfigurationFlags
    @Flag(help: "print what /v1/queue answers") var json = false
    @Flag(help: "show instead the lowest rates that the limiter has learned") var limits = false

    func validate() throws {
        guard !json || !limits else { throw ValidationError("give --json or --limits") }
    }

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        try await Preflight(assembly: assembly).check(json || limits ? [.redis] : [.redis, .table])
        if limits { return try await printLimits(assembly.queue) }
        let page = QueuePage(try await assembly.queue.snapshot(), concurrency: assembly.settings.concurrency)
        if json {
            print(String(decoding: page.json, as: UTF8.self), terminator: "")
            return .success
        }
        print(page.states.map { "\($0): \($1)" }.joined(separator: "  ") + "  desired workers: \(page.desiredWorkers)")
        try await printSweeps(Array(page.snapshot.sweeps.prefix(6)), assembly.store)
        try await printObstacles(assembly.store)
        return .success
    }

    private func printLimits(_ queue: JobQueue) async throws -> ExitStatus {
        for rate in try await queue.slowestRates(limit: 20) {
            let cuts = rate.cuts == 0 ? "never throttled" : "throttled \(rate.cuts) times"
            print("\(rate.bucket) \(rate.operation): \(rate.rate) calls/s, \(cuts)")
        }
        return .success
    }

    private func printSweeps(_ sweeps: [SweepProgress], _ store: FindingStore) async throws {
        for state in try await SweepLedger(store: store).states(sweeps) {
            let word = state.isClosed ? state.completeness?.line ?? "not recorded" : "being enqueued"
            print("\(state.id): \(state.done) of \(state.total) repositories, \(state.dead) dead; \(word)")
        }
    }

    private func printObstacles(_ store: FindingStore) async throws {
        for account in try await store.accounts() {
            guard let obstacle = account.obstacle else { continue }
            print("account \(account.account.id) \(account.account.name.printable): \(obstacle.line)")
        }
        for registry in try await store.registries() {
            guard let obstacle = registry.obstacle else { continue }
            print("\(registry.registry): \(obstacle.line)")
        }
    }
}
