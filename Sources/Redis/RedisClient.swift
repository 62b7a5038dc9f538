internal import Cryptography
package import EventLoop
internal import Support

/// One connection to Redis, made when the first command needs it and again after every loss.
///
/// Commands of concurrent callers leave in one write and are answered in order. The loop keeps a client with a
/// connection alive, so `close` a client that is no longer needed. A cancelled caller stops waiting at once; commands
/// that it has sent still take effect.
package actor RedisClient {
    typealias Waiter = CheckedContinuation<[RESPValue], any Error>

    let configuration: RedisConfiguration
    let loop: EventLoop
    let security: Result<TLSContext, TLSError>?
    var machine: ConnectionMachine<Waiter>
    var socket: RedisSocket?
    /// Addresses that the connection attempt in progress has not tried yet.
    var candidates: ArraySlice<SocketAddress> = []
    /// Grows with every connection attempt, so that a late event of an earlier one is recognised and ignored.
    var generation = 0
    private var timer: (token: TimerToken, deadline: ContinuousClock.Instant)?
    private var calls = 0

    /// The loop's executor: the client's code runs on the thread of its socket and needs no lock.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

    /// Prepares a client; it connects at the first command.
    ///
    /// With TLS the file of trusted authorities is read now; if it cannot be read, every command fails.
    package init(configuration: RedisConfiguration, loop: EventLoop) {
        self.configuration = configuration
        self.loop = loop
        security = configuration.security.map { security in
            Result { () throws(TLSError) in
                try TLSContext(certificateAuthorityFile: security.certificateAuthorityFile)
            }
        }
        machine = ConnectionMachine(
            greeting: configuration.greeting(),
            connectTimeout: configuration.connectTimeout,
            commandTimeout: configuration.commandTimeout
        )
    }

    /// Sends commands in one write and returns their replies in order; an error reply is a `RESPValue.error`.
    ///
    /// - Throws: `RedisError` when the connection fails, `CancellationError` when the caller is cancelled.
    package func pipeline(_ commands: [[String]]) async throws -> [RESPValue] {
        guard !commands.isEmpty else { return [] }
        var bytes: [UInt8] = []
        for command in commands {
            precondition(!command.isEmpty, "the server never answers an empty command")
            CommandEncoder.append(command, to: &bytes)
        }
        return try await exchange(bytes, replyCount: commands.count)
    }

    /// Closes the connection; pending and later commands fail with `RedisError.closed`.
    package func close() async {
        let failed = machine.close()
        dropSocket()
        if let timer { loop.cancel(timer.token) }
        timer = nil
        fail(failed)
    }

    // MARK: Calls

    private func exchange(_ bytes: [UInt8], replyCount: Int) async throws -> [RESPValue] {
        calls += 1
        let id = calls
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                submit(RedisCall(id: id, bytes: bytes, replyCount: replyCount, waiter: waiter))
            }
        } onCancel: {
            loop.execute { self.assumeIsolated { $0.cancel(id) } }
        }
    }

    private func submit(_ call: RedisCall<Waiter>) {
        // A cancellation before this line found no call to cancel; a later one reaches `cancel` on the loop.
        guard !Task.isCancelled else {
            call.waiter?.resume(throwing: CancellationError())
            return
        }
        switch machine.submit(call, now: .now) {
        case .none: break
        case .refuse: call.waiter?.resume(throwing: RedisError.closed)
        case .connect: connect()
        case .flushSoon: loop.execute { self.assumeIsolated { $0.flush() } }
        }
        setTimer()
    }

    private func cancel(_ id: Int) {
        machine.cancel(id)?.resume(throwing: CancellationError())
    }

    // MARK: Effects

    func perform(_ next: ConnectionMachine<Waiter>.Next) {
        switch next {
        case .nothing: break
        case .send(let bytes): socket?.write(bytes)
        case .flush: flush()
        case .connect: connect()
        case .disconnect(let error): disconnect(error.at(place))
        }
    }

    func disconnect(_ error: RedisError) {
        dropSocket()
        let pause = RedisClient.backoff.delay(afterAttempt: machine.failures + 1)
        fail(machine.lost(error, now: .now, pause: pause))
        setTimer()
    }

    private func dropSocket() {
        generation += 1
        candidates = []
        socket?.close()
        socket = nil
    }

    private func flush() {
        let bytes = machine.flush(now: .now)
        if !bytes.isEmpty { socket?.write(bytes) }
        setTimer()
    }

    private func fail(_ failures: [ConnectionMachine<Waiter>.Failure]) {
        for failure in failures { failure.waiter.resume(throwing: failure.error) }
    }

    // MARK: Time

    /// One timer serves all deadlines, so a command needs none of its own; it may fire early and then does nothing.
    func setTimer() {
        guard let deadline = machine.nextDeadline else { return }
        if let timer {
            guard deadline < timer.deadline else { return }
            loop.cancel(timer.token)
        }
        timer = (loop.schedule(at: deadline) { self.timerFired() }, deadline)
    }

    private func timerFired() {
        timer = nil
        socket?.drain()
        perform(machine.wake(now: .now))
        setTimer()
    }

    private static let backoff = Backoff(base: .milliseconds(50), cap: .seconds(2))
}
