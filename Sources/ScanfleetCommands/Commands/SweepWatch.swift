internal import Discovery
internal import Domain
internal import EventLoop
internal import Glibc
internal import JobQueue
internal import Retry

/// Shows a sweep's progress until its last job has ended.
struct SweepWatch {
    let assembly: Assembly
    let id: SweepID
    let summary: DiscoverySummary
    let scope: DiscoveryScope

    func run() async throws -> ExitStatus {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        var shown = ""
        while true {
            if let progress = try await progress() {
                let line = progress.line
                if line != shown { show(line, isTerminal) }
                shown = line
                if progress.completedAt != nil {
                    if isTerminal { print() }
                    // Where no coordinator runs, nobody else writes it down.
                    try await SweepLedger(store: assembly.store).record([progress])
                    try await listRefused(progress)
                    return finish(progress)
                }
            }
            try await assembly.loop.sleep(for: .milliseconds(250))
        }
    }

    /// Names the repositories that were refused or given up.
    private func listRefused(_ progress: SweepProgress) async throws {
        guard progress.dead > 0 || progress.tallies["repositories_refused", default: 0] > 0 else { return }
        let kind = id.kind == .scan ? "scan" : "repository"
        let refused = try await GapListing(store: assembly.store).repositories { [scope] in scope.includes($0) }
        for gap in refused where gap.kind == kind && gap.coverage.state != .outOfScope { print("gap: \(gap.line)") }
    }

    /// Nil while Redis does not answer: the sweep goes on without being watched.
    private func progress() async throws -> SweepProgress? {
        do {
            return try await assembly.queue.sweep(id.rawValue)
        } catch let error where error.dispositionOrPermanent.isRetryable {
            return nil
        }
    }

    private func show(_ line: String, _ isTerminal: Bool) {
        print(isTerminal ? "\r\(line)\u{1B}[K" : line, terminator: isTerminal ? "" : "\n")
        fflush(nil)
    }

    private func finish(_ progress: SweepProgress) -> ExitStatus {
        for (name, count) in progress.tallies.sorted(by: { $0.key < $1.key }) { print("  \(name): \(count)") }
        if progress.dead > 0 || progress.cancelled > 0 {
            print("\(id) failed: \(progress.dead) jobs are dead letters, \(progress.cancelled) were cancelled")
            return .failure
        }
        let gaps = summary.gaps + (progress.tallies["gaps"] ?? 0)
        print(gaps == 0 ? "\(id) complete" : "\(id) complete with \(gaps) gaps: the report's index.json lists each")
        return gaps == 0 ? .success : .gaps
    }
}

extension SweepProgress {
    /// One line of progress.
    fileprivate var line: String {
        let ended = done + dead + cancelled
        let images = tallies["images"].map { ", \($0) images" } ?? ""
        let trouble = (retried > 0 ? ", \(retried) retried" : "") + (recovered > 0 ? ", \(recovered) recovered" : "")
        return "\(id): \(ended) of \(total) repositories\(images)\(trouble)\(dead > 0 ? ", \(dead) dead" : "")"
    }
}
