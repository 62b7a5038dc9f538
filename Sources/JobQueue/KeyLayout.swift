/// The names of one fleet's keys in Redis, as far as Swift needs them; Scripts/ documents all of them.
struct KeyLayout: Sendable {
    /// What every key of the fleet begins with; the hash tag keeps them in one slot of a cluster.
    let prefix: String

    init(fleet: String) { prefix = "{\(fleet)}:" }

    /// The stream of dead letters.
    var deadLetters: String { prefix + "dead" }

    /// What the key of every bucket's hash begins with.
    var bucketPrefix: String { prefix + "b:" }

    /// The hash of a role's leadership.
    func leadership(of role: String) -> String { prefix + "lead:" + role }
}
