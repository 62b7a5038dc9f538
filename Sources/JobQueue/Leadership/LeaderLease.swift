internal import Redis

/// A leadership, by which the queue tells its writes from those of an earlier leader that was frozen and came back.
package struct Fence: Sendable, Hashable {
    package var role: String
    /// Greater than that of every earlier leader of any role.
    package var number: Int

    /// Describes a leadership; the queue makes them, tests may.
    package init(role: String, number: Int) {
        self.role = role
        self.number = number
    }

    /// What scripts take: role and number, or the two that stand for work without a leader.
    static func arguments(_ fence: Fence?) -> [String] {
        guard let fence else { return ["", "0"] }
        return [fence.role, String(fence.number)]
    }
}

extension JobQueue {
    /// Leads `role` for `term` from now on, or renews it when `holder` leads already; nil when another leads.
    ///
    /// The number stays the same as long as nobody else led in between.
    package func lead(_ role: String, holder: String, term: Duration) async throws -> Fence? {
        try check(role, holder)
        let number = try await count(QueueScript.lead, [role, holder, String(term.microseconds)])
        return number == 0 ? nil : Fence(role: role, number: number)
    }

    /// The number of the newest leader of a role, under which people's work is written too; 0 before the first.
    package func newestLeader(of role: String) async throws -> Int {
        try check(role)
        return try await redis.send(["HGET", prefix + "lead:" + role, "number"]).number ?? 0
    }

    /// Ends the leadership before its term; nothing happens when another leads.
    package func resign(_ role: String, holder: String) async throws {
        try check(role, holder)
        _ = try await count(QueueScript.resign, [role, holder])
    }
}
