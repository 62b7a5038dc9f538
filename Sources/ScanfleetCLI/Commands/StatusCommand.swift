internal import ArgumentParser
internal import Domain
internal import FindingStore
internal import FleetRoles
internal import JSON
internal import JobQueue

/// `scanfleet status`.
struct StatusCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows the queue, the latest sweeps, and the places that cannot be read."
    )
    @OptionGroup var flags: ConfigurationFlags
    @Flag(help: "print what /v1/queue answers; with --gaps, the gaps") var json = false
    @Flag(help: "list instead every place and image that is not judged, with the reason; reads the whole table")
    var gaps = false
    @Flag(help: "show instead the lowest rates that the limiter has learned") var limits = false

    func validate() throws {
        guard !limits || !json && !gaps else { throw ValidationError("give --limits alone") }
    }

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        let needs: Preflight.Needs = gaps ? [.table] : json || limits ? [.redis] : [.redis, .table]
        try await Preflight(assembly: assembly).check(needs)
        if gaps { return try await printGaps(GapListing(store: assembly.store)) }
        if limits { return try await printLimits(assembly.rateLimiter) }
        let page = QueueStatus(try await assembly.queue.snapshot(), concurrency: assembly.settings.concurrency)
        if json {
            print(String(decoding: page.json, as: UTF8.self), terminator: "")
            return .success
        }
        print(page.states.map { "\($0): \($1)" }.joined(separator: "  ") + "  desired workers: \(page.desiredWorkers)")
        try await printSweeps(Array(page.snapshot.sweeps.prefix(6)), assembly.store)
        try await printObstacles(assembly.store)
        return .success
    }

    private func printLimits(_ limiter: RateLimiter) async throws -> ExitStatus {
        for rate in try await limiter.slowestRates(limit: 20) {
            let cuts = rate.cuts == 0 ? "never throttled" : "throttled \(rate.cuts) times"
            print("\(rate.bucket) \(rate.operation): \(rate.rate) calls/s, \(cuts)")
        }
        return .success
    }

    private func printSweeps(_ sweeps: [SweepProgress], _ store: FindingStore) async throws {
        for state in try await SweepRecords(store: store).states(sweeps) {
            let word = state.isClosed ? state.completeness?.line ?? "not recorded" : "being enqueued"
            print("\(state.id): \(state.done) of \(state.total) repositories, \(state.dead) dead; \(word)")
        }
    }

    private func printObstacles(_ store: FindingStore) async throws {
        let listing = GapListing(store: store)
        for gap in try await listing.places() { print(gap.line) }
        let repositories = try await listing.repositories()
        for gap in repositories.prefix(Self.shownRepositories) { print(gap.line) }
        let more = repositories.count - Self.shownRepositories
        if more > 0 { print("and \(more) more repositories: status --gaps lists all") }
    }

    private static let shownRepositories = 40

    private func printGaps(_ listing: GapListing) async throws -> ExitStatus {
        var count = 0
        func show(_ gap: Gap) {
            count += 1
            guard json else { return print(gap.line) }
            var writer = JSONWriter()
            gap.write(to: &writer)
            print(count == 1 ? "[" : ",", String(decoding: writer.drain(), as: UTF8.self))
        }
        for gap in try await listing.places() + listing.repositories() { show(gap) }
        try await listing.eachImage(show)
        if json { print(count == 0 ? "[]" : "]") }
        return .success
    }
}
