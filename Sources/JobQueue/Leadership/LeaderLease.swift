package import Redis

/// The proof of one leadership; Redis and the table refuse writes of an earlier one, whose process may have been
/// frozen.
package struct Fence: Sendable, Hashable {
    /// The role that is led, such as `coordinator`.
    package var role: String
    /// The leadership's number, greater than that of every earlier leader of any role.
    package var number: Int

    /// Describes a leadership; `LeaderLease` makes them, tests may.
    package init(role: String, number: Int) {
        self.role = role
        self.number = number
    }

    /// Returns role and number as scripts take them; an empty role means work without a leader.
    static func arguments(_ fence: Fence?) -> [String] {
        guard let fence else { return ["", "0"] }
        return [fence.role, String(fence.number)]
    }
}

/// The leases by which at most one process of a fleet leads each role.
package struct LeaderLease: Sendable {
    private let scripts: ScriptRunner

    /// Uses the leases of `fleet`, one for each role.
    package init(redis: any RedisScripting, fleet: String) {
        scripts = ScriptRunner(redis: redis, fleet: fleet)
    }

    /// Leads `role` for `term` from now on, or renews the term when `holder` leads already; nil when another leads.
    ///
    /// The number stays the same as long as nobody else led in between.
    package func lead(_ role: String, holder: String, term: Duration) async throws -> Fence? {
        try scripts.check(role, holder)
        let number = try await scripts.count(QueueScript.lead, [role, holder, String(term.microseconds)])
        return number == 0 ? nil : Fence(role: role, number: number)
    }

    /// Returns the number of the newest leader of a role, 0 before the first; ad-hoc work writes to the table under it.
    package func newestLeader(of role: String) async throws -> Int {
        try scripts.check(role)
        return try await scripts.send(["HGET", scripts.keys.leadership(of: role), "number"]).number ?? 0
    }

    /// Ends the leadership before its term; does nothing when another leads.
    package func resign(_ role: String, holder: String) async throws {
        try scripts.check(role, holder)
        _ = try await scripts.count(QueueScript.resign, [role, holder])
    }
}
