internal import DequeModule

/// One caller's commands, from `submit` until their last reply.
struct RedisCall<Waiter> {
    let id: Int
    /// The commands in RESP; emptied when they are sent.
    var bytes: [UInt8]
    /// The number of commands, and so of the replies to wait for.
    let replyCount: Int
    /// Nil once the caller has given up; the replies are then dropped.
    var waiter: Waiter?
    fileprivate(set) var replies: [RESPValue] = []
    fileprivate(set) var deadline: ContinuousClock.Instant = .now

    init(id: Int, bytes: [UInt8], replyCount: Int, waiter: Waiter) {
        self.id = id
        self.bytes = bytes
        self.replyCount = replyCount
        self.waiter = waiter
    }
}

/// The state of the one connection and of its pending calls: it makes every decision and does no I/O.
///
/// Calls wait while there is no usable connection. `flush` puts them in flight, and replies come in the same order.
struct ConnectionMachine<Waiter> {
    private enum State {
        /// No connection and no waiting call; the next call connects.
        case idle
        /// Calls wait until the pause after a failure has ended.
        case paused
        case connecting(deadline: ContinuousClock.Instant)
        case greeting(deadline: ContinuousClock.Instant, missing: Int)
        case ready
        case closed
    }

    /// The first commands on every connection: AUTH and SELECT, where they are needed.
    struct Greeting {
        var bytes: [UInt8] = []
        var replyCount = 0
    }

    enum Submission {
        case none
        case connect
        /// Call `flush` after the jobs that are ready now, so that their commands leave in the same write.
        case flushSoon
        case refuse
    }

    enum Next: Equatable {
        case nothing
        case send([UInt8])
        case flush
        case connect
        case disconnect(RedisError)
    }

    struct Delivery {
        var completed: (waiter: Waiter, replies: [RESPValue])?
        var next: Next = .nothing
    }

    struct Failure {
        var waiter: Waiter
        var error: RedisError
    }

    private let greeting: Greeting
    private let connectTimeout: Duration
    private let commandTimeout: Duration
    private var state = State.idle
    private var waiting: Deque<RedisCall<Waiter>> = []
    private var inFlight: Deque<RedisCall<Waiter>> = []
    private var isFlushDue = false
    private var isWrongServer = false
    private var pauseEnd: ContinuousClock.Instant?
    /// How many connections have failed or ended since the last reply.
    private(set) var failures = 0

    init(greeting: Greeting, connectTimeout: Duration, commandTimeout: Duration) {
        self.greeting = greeting
        self.connectTimeout = connectTimeout
        self.commandTimeout = commandTimeout
    }

    // MARK: Callers

    mutating func submit(_ call: RedisCall<Waiter>, now: ContinuousClock.Instant) -> Submission {
        if case .closed = state { return .refuse }
        var call = call
        call.deadline = now + connectTimeout
        waiting.append(call)
        switch state {
        case .idle: return resumeConnecting(now: now)
        case .ready where !isFlushDue:
            isFlushDue = true
            return .flushSoon
        case .paused, .connecting, .greeting, .ready, .closed: return .none
        }
    }

    /// Returns and drops the call's waiter; nil when the call has already ended.
    ///
    /// A call that is not sent yet is removed. One in flight stays, because its replies must still be counted.
    mutating func cancel(_ id: Int) -> Waiter? {
        if let index = waiting.firstIndex(where: { $0.id == id }) { return waiting.remove(at: index).waiter }
        guard let index = inFlight.firstIndex(where: { $0.id == id }) else { return nil }
        defer { inFlight[index].waiter = nil }
        return inFlight[index].waiter
    }

    // MARK: The connection

    /// The connection is open and, where configured, TLS is established: the greeting is sent first.
    mutating func connected() -> Next {
        guard case .connecting(let deadline) = state else { return .nothing }
        guard greeting.replyCount > 0 else {
            state = .ready
            return .flush
        }
        state = .greeting(deadline: deadline, missing: greeting.replyCount)
        return .send(greeting.bytes)
    }

    /// Puts all waiting calls in flight and returns their bytes.
    mutating func flush(now: ContinuousClock.Instant) -> [UInt8] {
        isFlushDue = false
        guard case .ready = state else { return [] }
        var bytes: [UInt8] = []
        while var call = waiting.popFirst() {
            bytes += call.bytes
            call.bytes = []
            call.deadline = now + commandTimeout
            inFlight.append(call)
        }
        return bytes
    }

    mutating func received(_ reply: RESPValue) -> Delivery {
        switch state {
        case .greeting(let deadline, let missing):
            Delivery(next: greeted(by: reply, deadline: deadline, missing: missing))
        case .ready: delivered(reply)
        case .idle, .paused, .connecting, .closed: Delivery()
        }
    }

    /// Handles the loss of the connection, and returns the calls that fail with it.
    ///
    /// Calls in flight fail. Where the connection was never usable, the calls that waited for it fail too. Calls that
    /// waited for a `flush` of a usable connection go over the next one, after `pause`.
    mutating func lost(_ error: RedisError, now: ContinuousClock.Instant, pause: Duration) -> [Failure] {
        if case .closed = state { return [] }
        failures += 1
        pauseEnd = now + pause
        isWrongServer = false
        var failed = inFlight
        inFlight = []
        if case .ready = state {
        } else {
            failed += waiting
            waiting = []
        }
        state = waiting.isEmpty ? .idle : .paused
        return failed.compactMap { call in
            let isEarly = error == .timedOut && call.deadline > now
            return call.waiter.map { Failure(waiter: $0, error: isEarly ? .overtakenByTimeOut : error) }
        }
    }

    /// Closes for good; returns every pending call to fail.
    mutating func close() -> [Failure] {
        let failed = inFlight + waiting
        (inFlight, waiting) = ([], [])
        state = .closed
        return failed.compactMap { call in call.waiter.map { Failure(waiter: $0, error: .closed) } }
    }

    // MARK: Time

    /// When to call `wake`; nil while no time-out is running.
    var nextDeadline: ContinuousClock.Instant? {
        switch state {
        case .paused: pauseEnd
        case .connecting(let deadline), .greeting(let deadline, _): deadline
        case .ready: inFlight.first?.deadline
        case .idle, .closed: nil
        }
    }

    mutating func wake(now: ContinuousClock.Instant) -> Next {
        guard let deadline = nextDeadline, deadline <= now else { return .nothing }
        switch state {
        case .paused:
            if case .connect = resumeConnecting(now: now) { return .connect }
            return .nothing
        case .connecting, .greeting: return .disconnect(.connection("no usable connection within \(connectTimeout)"))
        case .ready: return .disconnect(.timedOut)
        case .idle, .closed: return .nothing
        }
    }

    // MARK: Steps

    private mutating func resumeConnecting(now: ContinuousClock.Instant) -> Submission {
        guard let first = waiting.first else {
            state = .idle
            return .none
        }
        if let pauseEnd, pauseEnd > now {
            state = .paused
            return .none
        }
        // The pause counts too: the deadline is that of the call that has waited longest.
        state = .connecting(deadline: first.deadline)
        return .connect
    }

    private mutating func greeted(
        by reply: RESPValue,
        deadline: ContinuousClock.Instant,
        missing: Int
    ) -> Next {
        if case .error(let text) = reply { return .disconnect(RedisError(reply: text)) }
        failures = 0
        guard missing == 1 else {
            state = .greeting(deadline: deadline, missing: missing - 1)
            return .nothing
        }
        state = .ready
        return .flush
    }

    private mutating func delivered(_ reply: RESPValue) -> Delivery {
        guard !inFlight.isEmpty else {
            // A reply without a command, such as "max number of clients reached": the server sends it and hangs up.
            let words = if case .error(let text) = reply { text } else { "\(reply)" }
            return Delivery(next: .disconnect(.connection("the server hangs up: \(words)")))
        }
        failures = 0
        if case .error(let text) = reply, RedisError(reply: text).meansWrongServer { isWrongServer = true }
        inFlight[0].replies.append(reply)
        guard inFlight[0].replies.count == inFlight[0].replyCount else { return Delivery() }
        let call = inFlight.removeFirst()
        return Delivery(
            completed: call.waiter.map { ($0, call.replies) },
            next: isWrongServer
                ? .disconnect(.connection("the server is a replica now, or has lost its master")) : .nothing
        )
    }
}

extension RedisError {
    fileprivate static let overtakenByTimeOut = RedisError.connection(
        "closed, since an earlier command got no reply in time"
    )
}
