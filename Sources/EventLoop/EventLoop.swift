internal import CEventLoopShims
internal import Glibc
internal import Synchronization

/// One thread that waits in epoll and runs socket handlers, timers, and the tasks and actors that use it as executor.
///
/// A task so runs on the thread of its I/O and needs neither a lock nor a thread change.
///
/// Nothing that blocks may run here. Work of more than about a millisecond goes to Swift's pool with
/// `withTaskExecutorPreference(globalConcurrentExecutor)`.
///
/// The class is `@unchecked Sendable` because the compiler cannot see that `poller`, `timers`, the jobs and `endings`
/// are used only on the loop's thread, which every access checks.
package final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    private let inbox: Mutex<Inbox> = Mutex(Inbox())
    private let poller: Poller
    private let timers = TimerQueue()
    private var ready: [UnownedJob] = []
    /// The jobs of the round in progress; swapped with `ready`, so that both arrays keep their memory.
    private var underWay: [UnownedJob] = []
    private var endings: [() -> Void] = []
    private let thread: Mutex<pthread_t?> = Mutex(nil)

    /// Starts the loop's thread; debuggers show the first 15 bytes of `name`.
    ///
    /// - Throws: `EventLoopError` when the kernel has no descriptor or thread to give.
    package init(name: String = "scanfleet-loop") throws(EventLoopError) {
        poller = try Poller()
        var started = pthread_t()
        let context = unsafe Unmanaged.passRetained(Start(loop: self, name: name))
        let code = unsafe pthread_create(&started, nil, { unsafe EventLoop.enter($0) }, context.toOpaque())
        guard code == 0 else {
            unsafe context.release()
            throw EventLoopError(call: "pthread_create", code: code)
        }
        thread.withLock { $0 = started }
    }

    /// Whether the caller runs on this loop's thread.
    package var isCurrent: Bool {
        unsafe scanfleet_current_loop() == UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
    }

    /// Whether the caller's task prefers this loop, so that its code outside of actors runs here.
    package var isPreferredByCurrentTask: Bool {
        unsafe withUnsafeCurrentTask { unsafe $0?.unownedTaskExecutor == asUnownedTaskExecutor() }
    }

    /// Runs `body` on the loop soon; calls from the loop itself queue it too, behind earlier ones.
    package func execute(_ body: @escaping @Sendable () -> Void) {
        post { $0.closures.append(body) }
    }

    /// Ends the thread and waits for it.
    ///
    /// Call it from another thread, when nothing runs on the loop any more: tasks that are still suspended here never
    /// resume.
    package func shutdown() {
        precondition(!isCurrent, "a loop cannot wait for its own end")
        post { $0.isStopping = true }
        let started = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        if let started { pthread_join(started, nil) }
    }

    // MARK: Executor

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            ready.append(job)
        } else {
            post { $0.jobs.append(job) }
        }
    }

    /// The reference that an actor returns as its `unownedExecutor` in order to run on this loop.
    package func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe UnownedSerialExecutor(ordinary: self) }

    /// The same as `isCurrent`, never nil: the runtime asks it before `assumeIsolated`.
    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    /// Stops the process when called on another thread.
    package func checkIsolated() { precondition(isCurrent, "not on the event loop") }

    /// Calls `body` once, after the jobs that are ready and before the loop polls for events again.
    ///
    /// It lets one call finish work that many jobs of a turn have prepared. On the loop only.
    package func atEndOfTurn(_ body: @escaping () -> Void) {
        precondition(isCurrent, "atEndOfTurn only on the loop")
        endings.append(body)
    }

    // MARK: Sockets; on the loop only

    /// Calls `handler` whenever the descriptor is ready for one of `interest`, until `unwatch`.
    ///
    /// A second call replaces the first. Errors and hang-ups are reported as readiness for everything in `interest`.
    package func watch(_ descriptor: Int32, for interest: Readiness, _ handler: @escaping (Readiness) -> Void) {
        precondition(isCurrent, "watch only on the loop")
        poller.watch(descriptor, for: interest, handler)
    }

    /// Removes the descriptor; its handler is not called again, not even for events already fetched.
    package func unwatch(_ descriptor: Int32) {
        precondition(isCurrent, "unwatch only on the loop")
        poller.unwatch(descriptor)
    }

    /// Removes the handler, but keeps the descriptor registered in epoll for a `watch` that follows soon.
    ///
    /// That saves two system calls. An event that comes meanwhile ends the registration. Call `unwatch` before closing
    /// a parked descriptor.
    package func park(_ descriptor: Int32) {
        precondition(isCurrent, "park only on the loop")
        poller.park(descriptor)
    }

    // MARK: Timers; on the loop only

    /// Calls `body` once, at `deadline` or up to a millisecond later.
    @discardableResult
    package func schedule(at deadline: ContinuousClock.Instant, _ body: @escaping () -> Void) -> TimerToken {
        precondition(isCurrent, "schedule only on the loop")
        return timers.schedule(at: deadline, body)
    }

    /// Cancels a timer; does nothing if it has already fired.
    package func cancel(_ timer: TimerToken) {
        precondition(isCurrent, "cancel only on the loop")
        timers.cancel(timer)
    }

    // MARK: The thread

    private static func enter(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context = unsafe context else { return nil }
        let start = unsafe Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
        unsafe scanfleet_set_current_loop(Unmanaged.passUnretained(start.loop).toOpaque())
        unsafe scanfleet_name_thread(start.name)
        scanfleet_block_sigpipe()
        start.loop.run()
        scanfleet_set_current_loop(nil)
        return nil
    }

    private func run() {
        while true {
            let delivered = inbox.withLock { $0.take() }
            ready += delivered.jobs
            for closure in delivered.closures { closure() }
            timers.fire(now: .now)
            runReadyJobs()
            runEndings()
            if delivered.isStopping && ready.isEmpty { return }
            let mayWait = inbox.withLock { $0.prepareToWait() } && ready.isEmpty && endings.isEmpty
            poller.poll(until: mayWait ? timers.next : .now)
            inbox.withLock { $0.isWaiting = false }
        }
    }

    private static let roundsOfTurn = 8

    /// Runs the ready jobs, then the jobs that these make ready, for up to `roundsOfTurn` rounds.
    ///
    /// One call takes several jobs, and polling between them would cost more than the jobs. Jobs beyond the last round
    /// wait for the next turn, so that sockets get theirs.
    private func runReadyJobs() {
        for _ in 0..<Self.roundsOfTurn {
            guard !ready.isEmpty else { return }
            swap(&ready, &underWay)
            for job in underWay {
                unsafe job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(),
                    taskExecutor: asUnownedTaskExecutor()
                )
            }
            underWay.removeAll(keepingCapacity: true)
        }
    }

    private func runEndings() {
        guard !endings.isEmpty else { return }
        let due = endings
        endings = []
        for body in due { body() }
    }

    private func post(_ change: (inout Inbox) -> Void) {
        let mustWake = inbox.withLock { inbox in
            change(&inbox)
            defer { inbox.isWaiting = false }
            return inbox.isWaiting
        }
        if mustWake { poller.wake() }
    }
}

/// Work from other threads, and whether the loop is asleep and must be woken for more.
private struct Inbox {
    var jobs: [UnownedJob] = []
    var closures: [@Sendable () -> Void] = []
    var isStopping = false
    var isWaiting = false

    mutating func take() -> Inbox {
        let taken = self
        jobs = []
        closures = []
        return taken
    }

    /// Marks the loop as asleep unless work has come since `take`; false where it has.
    mutating func prepareToWait() -> Bool {
        isWaiting = jobs.isEmpty && closures.isEmpty && !isStopping
        return isWaiting
    }
}

private final class Start {
    let loop: EventLoop
    let name: String

    init(loop: EventLoop, name: String) {
        self.loop = loop
        self.name = name
    }
}
