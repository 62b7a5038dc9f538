internal import AdminServer
internal import JobQueue
internal import Logging
internal import Observability
internal import ServiceLifecycle
internal import UnixSignals

/// The three long-running roles; the raw value names the command and the policy file in `ops/iam`.
package enum FleetRole: String, CaseIterable, Sendable {
    case coordinator
    case worker
    case aggregator
}

/// A long-running role: its work, and what its admin server reports.
protocol Role: Service {
    var name: String { get }
    /// Whether the role can work now, as `/readyz` reports it.
    func readiness() async -> AdminPages.Readiness
    /// The queue's state as JSON; nil where the role does not serve it.
    var queuePage: (@Sendable () async throws -> [UInt8])? { get }
}

extension Role {
    var queuePage: (@Sendable () async throws -> [UInt8])? { nil }
}

/// Runs a role beside its admin server until SIGTERM or SIGINT.
package struct RoleProcess: Sendable {
    let assembly: Assembly

    /// Keeps the parts; nothing starts before `run`.
    package init(assembly: Assembly) { self.assembly = assembly }

    /// Runs the role until SIGTERM or SIGINT.
    ///
    /// - Throws: `CommandFailure` when the admin address cannot be bound, and the role's own permanent faults.
    package func run(_ role: FleetRole) async throws {
        switch role {
        case .coordinator: try await run(CoordinatorRole(assembly: assembly))
        case .worker: try await run(WorkerRole(assembly: assembly))
        case .aggregator: try await run(AggregatorRole(assembly: assembly))
        }
    }

    private func run(_ role: some Role) async throws {
        let pages = AdminPages(
            metrics: { [metrics = assembly.metrics] in metrics.text() },
            readiness: { await role.readiness() },
            queue: role.queuePage
        )
        let admin: AdminServer
        do {
            admin = try await AdminServer(address: assembly.settings.listen, pages: pages)
        } catch {
            throw CommandFailure(["SCANFLEET_LISTEN: \(assembly.settings.listen): \(error)"], status: .configuration)
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: role, successTerminationBehavior: .gracefullyShutdownGroup),
                    .init(service: AdminService(server: admin), successTerminationBehavior: .gracefullyShutdownGroup),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        assembly.logger.notice(
            "role started",
            metadata: .init([.address: assembly.settings.listen, .operation: role.name])
        )
        try await group.run()
        assembly.logger.notice("role ended", metadata: .init([.operation: role.name]))
    }
}

private struct AdminService: Service, CustomStringConvertible {
    let server: AdminServer
    var description: String { "admin" }

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await server.run() }
    }
}
