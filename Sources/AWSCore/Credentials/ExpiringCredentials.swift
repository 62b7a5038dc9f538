internal import Support
internal import Synchronization

/// Credentials that are loaded when needed and again before they expire, one load at a time.
///
/// A failure is not cached. A cancelled caller stops waiting at once; the load goes on, because it serves the others.
package actor ExpiringCredentials: CredentialsProvider {
    private let now: @Sendable () -> Double
    private let load: @Sendable () async throws -> Credentials
    private let held: Mutex<Held?> = Mutex(nil)
    private let doubts: Mutex<RevocationBackoff> = Mutex(RevocationBackoff())
    private var waiters: [Int: CheckedContinuation<Credentials, any Error>] = [:]
    private var waitersSoFar = 0
    private var isLoading = false
    private var nextEarlyLoad = -Double.infinity

    /// Loads through `load`; `now` gives seconds since 1970.
    package init(now: @escaping @Sendable () -> Double, load: @escaping @Sendable () async throws -> Credentials) {
        self.now = now
        self.load = load
    }

    package nonisolated func credentials() async throws -> Credentials {
        // Every call comes through here: while the keys are fresh, no call has to wait for the actor.
        if let held = held.withLock({ $0 }), held.freshness.stage(at: now()) == .fresh { return held.keys }
        return try await renewed()
    }

    private func renewed() async throws -> Credentials {
        guard let held = held.withLock({ $0 }) else { return try await loaded() }
        switch held.freshness.stage(at: now()) {
        case .fresh: return held.keys
        case .refreshable:
            if now() >= nextEarlyLoad { startLoad() }
            return held.keys
        case .due: return try await loaded()
        }
    }

    package nonisolated func invalidate(_ rejected: Credentials, _ reason: CredentialsRefusal) async {
        let now = now()
        held.withLock { held in
            guard let known = held, known.keys == rejected else { return }
            if reason == .mayBeRevoked && !doubts.withLock({ $0.mayRenew(at: now) }) { return }
            held = nil
        }
    }

    /// Loaded keys, and the times at which they are refreshed.
    private struct Held {
        var keys: Credentials
        var freshness: CredentialsFreshness
    }

    /// Waits for the load in progress, or starts one.
    private func loaded() async throws -> Credentials {
        waitersSoFar += 1
        let number = waitersSoFar
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                guard !Task.isCancelled else { return waiter.resume(throwing: CancellationError()) }
                waiters[number] = waiter
                startLoad()
            }
        } onCancel: {
            // Unstructured, because a handler cannot wait for the actor.
            Task { await abandon(number) }
        }
    }

    private func abandon(_ number: Int) {
        waiters.removeValue(forKey: number)?.resume(throwing: CancellationError())
    }

    private func startLoad() {
        guard !isLoading else { return }
        isLoading = true
        // Unstructured, because it serves every caller and outlives the one that began it.
        Task {
            let outcome: Result<Credentials, any Error>
            do { outcome = .success(try await load()) } catch { outcome = .failure(error) }
            endLoad(outcome)
        }
    }

    private func endLoad(_ outcome: Result<Credentials, any Error>) {
        let outcome = outcome.flatMap { keys in
            Result {
                let now = now()
                let freshness = try CredentialsFreshness(of: keys, loadedAt: now)
                held.withLock { $0 = Held(keys: keys, freshness: freshness) }
                return keys
            }
        }
        isLoading = false
        // If this load failed while the old keys are still valid, the next early load starts a minute later. Callers
        // without keys start one at once.
        nextEarlyLoad = now() + 60
        let waiting = waiters.values
        waiters = [:]
        for waiter in waiting { waiter.resume(with: outcome) }
    }
}

/// Limits renewals of keys that may have been revoked: the first at once, the next after 5 s, then up to 15 min apart.
///
/// A policy's deny, or a region that is not enabled, looks the same and refuses new keys too: without a limit every
/// such call would renew them.
struct RevocationBackoff: Sendable, Hashable {
    private static let first: Double = 5
    private static let longest: Double = 15 * 60

    private var nextAt = -Double.infinity
    private var pause = first

    mutating func mayRenew(at now: Double) -> Bool {
        guard now >= nextAt else { return false }
        if now - nextAt >= Self.longest { pause = Self.first }
        nextAt = now + pause
        pause = min(4 * pause, Self.longest)
        return true
    }
}

/// How much life credentials have left, by botocore's rule for refreshable credentials (ops/design/aws.md §4.7).
struct CredentialsFreshness: Sendable, Hashable {
    enum Stage: Sendable, Hashable {
        case fresh
        /// One caller refreshes while the others go on with the old keys.
        case refreshable
        /// Everybody waits for new keys.
        case due
    }

    private static let advisoryWindow: Double = 15 * 60
    private static let mandatoryWindow: Double = 10 * 60

    private let refreshable: Double
    private let due: Double

    /// Plans the refreshes; the windows of a session below an hour shrink with it, to a quarter and a sixth of its life.
    init(of keys: Credentials, loadedAt now: Double) throws(CredentialsError) {
        let lifetime = (keys.expiration ?? .infinity) - now
        guard lifetime > 0 else {
            throw CredentialsError(
                "the credentials that were loaded have expired already: is this machine's clock right?",
                disposition: .transient
            )
        }
        let scale = min(1, lifetime / 3600)
        refreshable = now + lifetime - Self.advisoryWindow * scale
        due = now + lifetime - Self.mandatoryWindow * scale
    }

    func stage(at now: Double) -> Stage {
        if now >= due { return .due }
        return now >= refreshable ? .refreshable : .fresh
    }
}
