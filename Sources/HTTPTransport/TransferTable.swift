/// Names a transfer within its transport; later ones are greater.
struct TransferID: Hashable, Comparable, Sendable {
    let number: UInt64

    static func < (left: TransferID, right: TransferID) -> Bool { left.number < right.number }
}

/// The state of every transfer.
///
/// Cancellation may come before a transfer is submitted, while it waits for a connection, while it runs, or after its
/// end; each method's result is the action that its caller must take.
struct TransferTable<Payload, Waiter> {
    private enum State {
        /// Numbered, but not submitted yet.
        case registered
        /// Cancelled before it was submitted.
        case cancelled
        case queued(Payload, host: String, Waiter)
        case running(host: String, Waiter)
    }

    enum Submission {
        case start(Payload)
        case wait
        case refuseCancelled(Waiter)
        case refuseClosed(Waiter)
    }

    enum Cancellation {
        case none
        /// The transfer has not started: only resume its waiter.
        case refuse(Waiter)
        /// The transfer runs: remove its handle from libcurl and resume its waiter.
        case stop(Waiter)
    }

    private var states: [TransferID: State] = [:]
    private var connections: ConnectionQueue
    private var registered: UInt64 = 0
    private(set) var isClosed = false

    init(connections: ConnectionQueue) {
        self.connections = connections
    }

    /// How many transfers have neither ended nor been refused.
    var count: Int { states.count }

    mutating func register() -> TransferID {
        registered += 1
        let id = TransferID(number: registered)
        states[id] = .registered
        return id
    }

    mutating func submit(_ id: TransferID, _ payload: Payload, to host: String, for waiter: Waiter) -> Submission {
        let state = states.removeValue(forKey: id)
        guard case .registered? = state else { return .refuseCancelled(waiter) }
        guard !isClosed else { return .refuseClosed(waiter) }
        guard connections.admit(id, to: host) else {
            states[id] = .queued(payload, host: host, waiter)
            return .wait
        }
        states[id] = .running(host: host, waiter)
        return .start(payload)
    }

    mutating func cancel(_ id: TransferID) -> Cancellation {
        switch states[id] {
        case .registered:
            states[id] = .cancelled
            return .none
        case .queued(_, let host, let waiter):
            states[id] = nil
            connections.withdraw(id, from: host)
            return .refuse(waiter)
        case .running(let host, let waiter):
            states[id] = nil
            connections.release(host)
            return .stop(waiter)
        case .cancelled, nil:
            return .none
        }
    }

    /// Ends a running transfer; nil when it was cancelled meanwhile.
    mutating func finish(_ id: TransferID) -> Waiter? {
        guard case .running(let host, let waiter)? = states[id] else { return nil }
        states[id] = nil
        connections.release(host)
        return waiter
    }

    /// Starts the next queued transfer that a free connection allows; nil when there is none.
    mutating func next() -> (id: TransferID, payload: Payload)? {
        guard let id = connections.next(), case .queued(let payload, let host, let waiter)? = states[id] else {
            return nil
        }
        states[id] = .running(host: host, waiter)
        return (id, payload)
    }

    /// Refuses every later transfer; returns the waiters of all that are queued or running.
    mutating func close() -> [Waiter] {
        isClosed = true
        var waiters: [Waiter] = []
        for (id, state) in states {
            switch state {
            case .registered, .cancelled: continue
            case .queued(_, let host, let waiter):
                connections.withdraw(id, from: host)
                waiters.append(waiter)
            case .running(let host, let waiter):
                connections.release(host)
                waiters.append(waiter)
            }
            states[id] = nil
        }
        return waiters
    }
}
