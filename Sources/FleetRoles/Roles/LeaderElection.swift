internal import EventLoop
internal import JobQueue
internal import Logging
internal import Observability
internal import Support

/// Leader election over Redis: runs the work in one process of a role at a time, and cancels it when the lead is lost.
struct LeaderElection: Sendable {
    let assembly: Assembly
    /// The role's name in the Redis key of its lead.
    let role: String
    /// How long one renewal lasts; after that another process may lead.
    let term: Duration = .seconds(15)
    /// How long before the end of its term a leader without renewal stops, so that two leaders never overlap.
    private let margin: Duration = .seconds(2)

    /// Stands by and leads in turn until cancelled.
    ///
    /// `body` is cancelled when the lead is lost. If it ends earlier, it is started again with the next renewal.
    func run(_ body: @escaping @Sendable (Fence) async throws -> Void) async throws {
        assembly.metrics.set(.leading, [("role", role)], to: 0)
        do {
            while true {
                let asked = ContinuousClock.now
                if let fence = try await ask() {
                    assembly.logger.notice("leading", metadata: .init([.operation: role, .fence: fence.number]))
                    try await lead(fence, LeaseDeadline(until: asked + term - margin), body)
                    assembly.metrics.set(.leading, [("role", role)], to: 0)
                }
                try await assembly.loop.sleep(for: term / 3)
            }
        } catch is CancellationError {
            await resign()
        }
    }

    /// Returns when the body ends, the lead is lost, or the lease deadline passes, whichever comes first.
    private func lead(
        _ fence: Fence,
        _ trust: LeaseDeadline,
        _ body: @escaping @Sendable (Fence) async throws -> Void
    ) async throws {
        assembly.metrics.set(.leading, [("role", role)], to: 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await body(fence)
                } catch let error where !(error is CancellationError) {
                    assembly.logger.error(
                        "the leader's work ended and starts again",
                        metadata: .init(error, [.operation: role])
                    )
                }
            }
            group.addTask { try await keep(fence, trust) }
            group.addTask {
                try await trust.expired { try await assembly.loop.sleep(for: $0) }
                assembly.logger.warning("lead lost, Redis is silent", metadata: .init([.operation: role]))
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Renews the lead until another process has it.
    private func keep(_ fence: Fence, _ trust: LeaseDeadline) async throws {
        while true {
            try await assembly.loop.sleep(for: term / 3)
            // Redis starts the term when the request arrives: not before now, so counting from now is safe.
            let asked = ContinuousClock.now
            do {
                guard try await assembly.leaderLease.lead(role, holder: assembly.instance, term: term) == fence else {
                    break
                }
                trust.extend(until: asked + term - margin)
            } catch let error where error.dispositionOrPermanent.isRetryable {
                assembly.logger.warning("the lead could not be renewed, trying again", metadata: .init(error))
            }
        }
        assembly.logger.warning("lead lost", metadata: .init([.operation: role]))
    }

    /// Returns the fence when this process leads; nil when another does, or Redis does not answer.
    private func ask() async throws -> Fence? {
        do {
            return try await assembly.leaderLease.lead(role, holder: assembly.instance, term: term)
        } catch let error where error.dispositionOrPermanent.isRetryable {
            assembly.logger.warning("Redis does not answer, trying again", metadata: .init(error))
            return nil
        }
    }

    private func resign() async {
        // Unstructured, because the task that led is cancelled by now.
        await Task { [assembly, role] in
            do {
                try await assembly.leaderLease.resign(role, holder: assembly.instance)
            } catch {
                assembly.logger.info("the lead is left to expire", metadata: .init(error))
            }
        }.value
    }
}
