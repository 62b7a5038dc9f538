/// The contents of the admin server's pages, each made on request.
package struct AdminPages: Sendable {
    /// Whether the role can do its work now.
    package enum Readiness: Hashable, Sendable {
        case ready
        /// Not now; every client of `/readyz` sees the reason, so it must hold no secret.
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
