internal import CEventLoopShims
internal import Glibc
internal import Synchronization

/// One thread that waits in epoll and runs everything that belongs to it: socket handlers, timers, and the tasks and
/// actors that name it as their executor, so that a task runs where its I/O is and needs neither lock nor hop.
///
/// Nothing that blocks may run here. Work of more than about a millisecond goes to Swift's pool with
/// `withTaskExecutorPreference(globalConcurrentExecutor)`.
///
/// The class is `@unchecked Sendable` because the compiler cannot see that `poller`, `timers`, the jobs and `endings` are
/// touched on the loop's thread alone, which every access checks.
package final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    private let inbox: Mutex<Inbox> = Mutex(Inbox())
    private let poller: Poller
    private let timers = TimerQueue()
    private var ready: [UnownedJob] = []
    /// The jobs of one round; both lists keep their memory.
    private var underWay: [UnownedJob] = []
    private var endings: [() -> Void] = []
    private let thread: Mutex<pthread_t?> = Mutex(nil)

    /// Starts the loop's thread; `name` is what debuggers show, and at most 15 bytes of it are kept.
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

    /// Whether the caller's task prefers this loop, so that whatever no actor claims of it runs here.
    package var isPreferredByCurrentTask: Bool {
        unsafe withUnsafeCurrentTask { unsafe $0?.unownedTaskExecutor == asUnownedTaskExecutor() }
    }

    /// Runs `body` on the loop soon; from the loop itself, after what is already waiting.
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

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe UnownedSerialExecutor(ordinary: self) }

    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    package func checkIsolated() { precondition(isCurrent, "not on the event loop") }

    /// Calls `body` once, after the jobs that are ready and before the loop looks for events again.
    ///
    /// What many jobs of a turn have prepared is then done together. On the loop only.
    package func atEndOfTurn(_ body: @escaping () -> Void) {
        precondition(isCurrent, "atEndOfTurn only on the loop")
        endings.append(body)
    }

    // MARK: Sockets; on the loop only

    /// Calls `handler` whenever the descriptor is ready for one of `interest`, until `unwatch`.
    ///
    /// A second call replaces the first. Errors and hang-ups are reported as readiness for whatever was asked.
    package func watch(_ descriptor: Int32, for interest: Readiness, _ handler: @escaping (Readiness) -> Void) {
        precondition(isCurrent, "watch only on the loop")
        poller.watch(descriptor, for: interest, handler)
    }

    /// Forgets the descriptor; its handler is not called again, not even for events already fetched.
    package func unwatch(_ descriptor: Int32) {
        precondition(isCurrent, "unwatch only on the loop")
        poller.unwatch(descriptor)
    }

    /// Forgets the handler, but leaves the kernel's registration to a `watch` that follows soon.
    ///
    /// That saves both of their system calls; an event that comes meanwhile ends the registration. Whoever parks a
    /// descriptor calls `unwatch` before it is closed.
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

    /// Forgets a timer; one that has already fired is ignored.
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

    /// Runs what is ready and, for some rounds, what that makes ready.
    ///
    /// A call is several jobs, and to look for events between them costs more than they do; further ones wait for the next
    /// turn, so that sockets get theirs.
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

/// What other threads handed over, and whether the loop sleeps and must be woken for more.
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

    /// Declares the loop asleep unless something has come since `take`.
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
