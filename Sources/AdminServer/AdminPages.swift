/// What the admin server shows, each page made when it is asked for.
package struct AdminPages: Sendable {
    /// An answer to whether the role can do its work now.
    package enum Readiness: Hashable, Sendable {
        case ready
        /// Not now; the reason is shown to whoever asks, so it holds no secret.
        case notReady(String)
    }

    /// Prometheus' text format.
    package var metrics: @Sendable () async -> String
    /// Whether the role can work; a failure keeps traffic and rollouts away but restarts nothing.
    package var readiness: @Sendable () async -> Readiness
    /// The queue's state as JSON; nil where the role does not serve it.
    package var queue: (@Sendable () async throws -> [UInt8])?

    /// Joins the pages of one role.
    package init(
        metrics: @escaping @Sendable () async -> String,
        readiness: @escaping @Sendable () async -> Readiness,
        queue: (@Sendable () async throws -> [UInt8])? = nil
    ) {
        self.metrics = metrics
        self.readiness = readiness
        self.queue = queue
    }
}
