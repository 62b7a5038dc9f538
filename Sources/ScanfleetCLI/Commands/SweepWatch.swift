internal import Discovery
internal import Domain
internal import EventLoop
internal import FleetRoles
internal import Glibc
internal import JobQueue
internal import Redis
internal import Support

/// Shows a sweep's progress until its last job has ended.
struct SweepWatch {
    let assembly: Assembly
    let id: SweepID
    let scope: DiscoveryScope
    /// Enqueues the jobs that the sweep lacks.
    let enqueue: () async throws -> DiscoverySummary

    /// Shows an enqueued sweep until it is complete; enqueues it again if a failover of Redis has lost the last jobs.
    func run(_ summary: DiscoverySummary) async throws -> ExitStatus {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        var summary = summary
        var shown = ""
        while true {
            do {
                guard let progress = try await assembly.sweepRegistry.sweep(id.rawValue), progress.isClosed else {
                    print("Redis lost recent writes for \(id) (restart or failover); re-enqueuing")
                    summary = try await enqueue()
                    continue
                }
                if progress.line != shown { show(progress.line, isTerminal) }
                shown = progress.line
                if progress.completedAt != nil {
                    if isTerminal { print() }
                    // If no coordinator runs, nobody else stores the sweep's completeness.
                    let leader = try await assembly.leaderLease.newestLeader(of: FleetRole.coordinator.rawValue)
                    try await SweepRecords(store: assembly.store).record([progress], fence: leader)
                    try await listRefused(progress)
                    return finish(progress, summary)
                }
            } catch let error as RedisError where error.disposition.isRetryable {
                // The sweep does not depend on this command: keep trying to read its progress.
            }
            try await assembly.loop.sleep(for: .milliseconds(250))
        }
    }

    /// Prints the sweep's repositories that were refused or given up.
    private func listRefused(_ progress: SweepProgress) async throws {
        guard progress.dead > 0 || progress.tallies[JobCounter.repositoriesRefused] > 0 else { return }
        let kind = id.kind == .scan ? "scan" : "repository"
        let refused = try await GapListing(store: assembly.store).repositories { [scope] in scope.includes($0) }
        for gap in refused where gap.kind == kind && gap.coverage.state != .outOfScope { print("gap: \(gap.line)") }
    }

    private func show(_ line: String, _ isTerminal: Bool) {
        print(isTerminal ? "\r\(line)\u{1B}[K" : line, terminator: isTerminal ? "" : "\n")
        fflush(nil)
    }

    private func finish(_ progress: SweepProgress, _ summary: DiscoverySummary) -> ExitStatus {
        for (name, count) in progress.tallies.sorted(by: { $0.key < $1.key }) { print("  \(name): \(count)") }
        if progress.dead > 0 || progress.cancelled > 0 {
            print("\(id) failed: \(progress.dead) jobs are dead letters, \(progress.cancelled) were cancelled")
            return .failure
        }
        let gaps = summary.gaps + progress.tallies[JobCounter.gaps]
        print(gaps == 0 ? "\(id) complete" : "\(id) complete with \(gaps) gaps: the report's index.json lists each")
        return gaps == 0 ? .success : .gaps
    }
}

extension SweepProgress {
    /// The progress in one line.
    fileprivate var line: String {
        let ended = done + dead + cancelled
        let images = tallies[JobCounter.images.rawValue].map { ", \($0) images" } ?? ""
        let trouble = (retried > 0 ? ", \(retried) retried" : "") + (recovered > 0 ? ", \(recovered) recovered" : "")
        return "\(id): \(ended) of \(total) repositories\(images)\(trouble)\(dead > 0 ? ", \(dead) dead" : "")"
    }
}
