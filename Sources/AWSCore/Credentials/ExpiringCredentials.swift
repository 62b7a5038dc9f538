internal import Retry

/// Credentials that are loaded when needed and again before they expire: one load at a time, a failure is not remembered,
/// and no waiter's cancellation ends the load for the others.
package actor ExpiringCredentials: CredentialsProvider {
    private let now: @Sendable () -> Double
    private let load: @Sendable () async throws -> Credentials
    private var cached: (keys: Credentials, freshness: CredentialsFreshness)?
    private var flight: Task<Credentials, any Error>?
    private var nextEarlyLoad = -Double.infinity

    /// Loads through `load`; `now` gives seconds since 1970.
    package init(now: @escaping @Sendable () -> Double, load: @escaping @Sendable () async throws -> Credentials) {
        self.now = now
        self.load = load
    }

    package func credentials() async throws -> Credentials {
        // A cancelled waiter waits all the same, which the HTTP time-outs bound; the load serves the others too.
        guard let (keys, freshness) = cached else { return try await startedFlight().value }
        switch freshness.stage(at: now()) {
        case .fresh: return keys
        case .refreshable:
            if now() >= nextEarlyLoad { _ = startedFlight() }
            return keys
        case .due: return try await startedFlight().value
        }
    }

    package func invalidate(_ rejected: Credentials) async {
        if cached?.keys == rejected { cached = nil }
    }

    private func startedFlight() -> Task<Credentials, any Error> {
        if let flight { return flight }
        // Unstructured, because it serves every caller and outlives the one that began it.
        let started = Task {
            defer { flight = nil }
            // Should this load fail while the old keys still serve, the next early one comes a minute later; callers who
            // have no keys try again at once.
            nextEarlyLoad = now() + 60
            let keys = try await load()
            cached = (keys, try CredentialsFreshness(of: keys, loadedAt: now()))
            return keys
        }
        flight = started
        return started
    }
}

/// How much life credentials have left, by botocore's rule for refreshable credentials (AWS.md §4.7).
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
