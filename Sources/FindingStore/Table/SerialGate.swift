/// Lets one piece of work run at a time, in the order in which they came.
actor SerialGate {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Runs `work` when everything that came before is done.
    ///
    /// A cancelled caller keeps its place, since what is before it ends soon by itself.
    func take<Value: Sendable>(_ work: @Sendable () async throws -> Value) async throws -> Value {
        if isTaken { await withCheckedContinuation { waiting.append($0) } }
        isTaken = true
        defer { pass() }
        return try await work()
    }

    /// The turn goes to the next without becoming free in between, so that nobody overtakes.
    private func pass() {
        if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
    }
}
