/// Runs one operation at a time, in the order of the calls.
actor SerialGate {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Runs `work` after all earlier operations have ended.
    ///
    /// A cancelled caller keeps its place in the queue, because the earlier operations end soon by themselves.
    func take<Value: Sendable>(_ work: @Sendable () async throws -> Value) async throws -> Value {
        if isTaken { await withCheckedContinuation { waiting.append($0) } }
        isTaken = true
        defer { pass() }
        return try await work()
    }

    /// Hands the gate to the next caller without opening it in between, so that no other caller overtakes.
    private func pass() {
        if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
    }
}
