internal import CCurl
internal import CCurlShims
internal import EventLoop

/// libcurl's multi interface, with its sockets and its one timer on the event loop; used on the loop only.
@safe final class CurlMulti {
    /// Called for each transfer that ended, with its tag; never from within another call of this class.
    var onDone: (UInt64, CURLcode) -> Void = { _, _ in }
    private let loop: EventLoop
    private var handle: UnsafeMutableRawPointer?
    private var timer: (token: TimerToken, deadline: ContinuousClock.Instant)?
    /// When libcurl wants to be called; the timer may fire earlier, because most time-outs are moved, not reached.
    private var wanted: ContinuousClock.Instant?
    private var isWokenAtOnce = false
    /// Sockets whose closing libcurl reports to us, so they may stay registered with epoll between two transfers.
    private var connections: Set<curl_socket_t> = []
    private let owner: UnsafeMutablePointer<scanfleet_curl_socket_owner>

    init(loop: EventLoop, _ configuration: CurlConfiguration) throws(HTTPTransportError) {
        self.loop = loop
        guard let multi = unsafe curl_multi_init() else { throw .connection("out of memory") }
        unsafe handle = multi
        unsafe owner = .allocate(capacity: 1)
        unsafe owner.initialize(to: scanfleet_curl_socket_owner())
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe owner.pointee.opened = CurlMulti.socketOpened
        unsafe owner.pointee.closing = CurlMulti.socketClosing
        unsafe owner.pointee.context = context
        try unsafe check(scanfleet_curl_multi_set_socket_callback(multi, CurlMulti.socketChanged, context))
        try unsafe check(scanfleet_curl_multi_set_timer_callback(multi, CurlMulti.timerChanged, context))
        try unsafe check(scanfleet_curl_multi_set_maximum_connections(multi, configuration.maximumConnections))
        switch configuration.version {
        case .http1: try unsafe check(scanfleet_curl_multi_set_no_pipelining(multi))
        case .http2(let streams): try unsafe check(scanfleet_curl_multi_set_multiplexing(multi, streams))
        }
    }

    deinit {
        close()
        unsafe owner.deallocate()
    }

    /// Makes libcurl report the opening and closing of the handle's sockets to this class.
    func adopt(_ easy: CurlEasy) throws(HTTPTransportError) {
        try unsafe check(scanfleet_curl_set_socket_owner(easy.handle, owner))
    }

    /// Starts a transfer.
    func add(_ easy: CurlEasy) throws(HTTPTransportError) {
        guard let handle = unsafe handle else { throw .closed }
        try unsafe check(curl_multi_add_handle(handle, easy.handle))
    }

    /// Removes a transfer; if it is still running, its connection is closed.
    func remove(_ easy: CurlEasy) {
        // Fails only for a handle that was never added.
        if let handle = unsafe handle { _ = unsafe curl_multi_remove_handle(handle, easy.handle) }
    }

    /// Closes the idle connections too; every transfer must have been removed before.
    func close() {
        guard let multi = unsafe handle else { return }
        unsafe curl_multi_cleanup(multi)
        unsafe handle = nil
        wanted = nil
        stopTimer()
    }

    // MARK: libcurl's callbacks

    private static let socketOpened: scanfleet_curl_open_callback = { context, socket in
        guard let context = unsafe context else { return }
        unsafe Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue().connections.insert(socket)
    }

    private static let socketClosing: scanfleet_curl_open_callback = { context, socket in
        guard let context = unsafe context else { return }
        unsafe Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue().forget(socket)
    }

    private static let socketChanged: scanfleet_curl_socket_callback = { _, socket, what, context, _ in
        if let context = unsafe context {
            unsafe Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue().watch(socket, for: what)
        }
        return 0
    }

    private static let timerChanged: scanfleet_curl_timer_callback = { _, milliseconds, context in
        if let context = unsafe context {
            unsafe Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue().wake(in: milliseconds)
        }
        return 0
    }

    private func forget(_ socket: curl_socket_t) {
        connections.remove(socket)
        loop.unwatch(socket)
    }

    private func watch(_ socket: curl_socket_t, for what: Int32) {
        var interest: Readiness = []
        if what == CURL_POLL_IN || what == CURL_POLL_INOUT { interest.insert(.readable) }
        if what == CURL_POLL_OUT || what == CURL_POLL_INOUT { interest.insert(.writable) }
        // An idle connection is parked; other sockets libcurl closes without a callback, so they are unwatched now.
        guard !interest.isEmpty else { return connections.contains(socket) ? loop.park(socket) : loop.unwatch(socket) }
        loop.watch(socket, for: interest) { ready in
            var events: Int32 = 0
            if ready.contains(.readable) { events |= CURL_CSELECT_IN }
            if ready.contains(.writable) { events |= CURL_CSELECT_OUT }
            self.act(on: socket, events)
        }
    }

    private func wake(in milliseconds: Int) {
        guard milliseconds != 0 else { return wakeAtOnce() }
        guard milliseconds > 0 else {
            wanted = nil
            return
        }
        let deadline = ContinuousClock.now + .milliseconds(milliseconds)
        wanted = deadline
        if let timer, timer.deadline <= deadline { return }
        stopTimer()
        startTimer(at: deadline)
    }

    /// Calls libcurl once at the turn's end, for all transfers added in it; its own callback must not call it.
    private func wakeAtOnce() {
        guard !isWokenAtOnce else { return }
        isWokenAtOnce = true
        loop.atEndOfTurn {
            self.isWokenAtOnce = false
            self.act(on: CURL_SOCKET_BAD, 0)
        }
    }

    private func startTimer(at deadline: ContinuousClock.Instant) {
        let token = loop.schedule(at: deadline) {
            self.timer = nil
            guard let wanted = self.wanted else { return }
            if wanted > .now {
                self.startTimer(at: wanted)
            } else {
                self.act(on: CURL_SOCKET_BAD, 0)
            }
        }
        timer = (token, deadline)
    }

    private func stopTimer() {
        if let timer { loop.cancel(timer.token) }
        timer = nil
    }

    private func act(on socket: curl_socket_t, _ events: Int32) {
        guard let multi = unsafe handle else { return }
        var running: Int32 = 0
        // CURL_SOCKET_BAD is the same number as CURL_SOCKET_TIMEOUT. The call fails only for an invalid multi handle; a
        // transfer's own failure is in its result.
        _ = unsafe curl_multi_socket_action(multi, socket, events, &running)
        var done = scanfleet_curl_done()
        while let multi = unsafe handle, unsafe scanfleet_curl_next_done(multi, &done) {
            onDone(done.tag, done.code)
        }
    }
}
