/// Credentials that are loaded when needed and again before they expire: one load at a time, a failure is not remembered,
/// and no waiter's cancellation ends the load for the others.
package actor ExpiringCredentials: CredentialsProvider {
    /// From here on one caller refreshes while the others go on with the old keys, in seconds before the end; source:
    /// botocore's `RefreshableCredentials`.
    package static let advisoryWindow: Double = 15 * 60
    /// From here on everybody waits for new keys, in seconds before the end.
    package static let mandatoryWindow: Double = 10 * 60

    private let now: @Sendable () -> Double
    private let load: @Sendable () async throws -> Credentials
    private var cached: Credentials?
    private var lifetime: Double = 0
    private var flight: Task<Credentials, any Error>?

    /// Loads through `load`; `now` gives seconds since 1970.
    package init(now: @escaping @Sendable () -> Double, load: @escaping @Sendable () async throws -> Credentials) {
        self.now = now
        self.load = load
    }

    package func credentials() async throws -> Credentials {
        guard let cached, let end = cached.expiration else {
            if let cached { return cached }
            return try await fresh()
        }
        let left = end - now()
        // Sessions shorter than the windows are refreshed in their last quarter.
        let scale = min(1, lifetime / (4 * Self.advisoryWindow))
        if left <= Self.mandatoryWindow * scale { return try await fresh() }
        if left <= Self.advisoryWindow * scale { _ = startedFlight() }
        return cached
    }

    package func invalidate(_ rejected: Credentials) async {
        if cached == rejected { cached = nil }
    }

    private func fresh() async throws -> Credentials { try await startedFlight().value }

    private func startedFlight() -> Task<Credentials, any Error> {
        if let flight { return flight }
        // Unstructured, because it serves every caller and outlives the one that began it; HTTP time-outs bound it.
        let started = Task { [load] in
            defer { flight = nil }
            let loaded = try await load()
            cached = loaded
            lifetime = (loaded.expiration ?? 0) - now()
            return loaded
        }
        flight = started
        return started
    }
}
