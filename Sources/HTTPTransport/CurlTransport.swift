internal import CCurl
internal import CCurlShims
package import EventLoop

/// HTTP over libcurl on one event loop.
///
/// Connections are reused, certificates are always verified, and redirects are returned, not followed. A proxy is used
/// where the environment names one, as libcurl reads it.
package actor CurlTransport {
    private let loop: EventLoop
    private let configuration: CurlConfiguration
    private let multi: CurlMulti
    private var table: TransferTable<HTTPRequest, CheckedContinuation<HTTPResponse, any Error>>
    private var running: [TransferID: CurlEasy] = [:]
    private var idle: [CurlEasy] = []
    private var latest = (url: "", origin: "")

    /// Prepares libcurl, and opens no connection yet; the loop must outlive `shutdown()`.
    ///
    /// - Throws: `HTTPTransportError` when libcurl cannot be initialised.
    package init(loop: EventLoop, configuration: CurlConfiguration = .init()) throws {
        // Reference-counted and thread-safe since libcurl 7.84; never undone, the process keeps it until it exits.
        try check(curl_global_init(Int(CURL_GLOBAL_DEFAULT)))
        scanfleet_curl_tune_allocator()
        self.loop = loop
        self.configuration = configuration
        let multi = try CurlMulti(loop: loop, configuration)
        self.multi = multi
        let connections = ConnectionQueue(
            maximum: configuration.maximumConnections,
            maximumPerHost: configuration.maximumConnectionsPerHost
        )
        table = TransferTable(connections: connections)
        multi.onDone = { [unowned self] tag, code in
            assumeIsolated { $0.finish(TransferID(number: tag), code) }
        }
    }

    isolated deinit { multi.close() }

    /// The loop's executor: the transport runs on the thread of its sockets and needs no lock.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

    /// A client that sends through this transport and keeps it alive.
    package nonisolated var client: HTTPClient {
        HTTPClient { try await self.send($0) }
    }

    /// Skips the change of executor, which costs a job, where the caller's task already prefers the loop.
    private nonisolated func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        if loop.isPreferredByCurrentTask { return try await exchange(request) }
        return try await withTaskExecutorPreference(loop) { try await exchange(request) }
    }

    /// Fails running, queued and later requests with `HTTPTransportError.closed`, and closes every connection.
    package func shutdown() {
        let waiters = table.close()
        for easy in running.values { multi.remove(easy) }
        running = [:]
        idle = []
        multi.close()
        for waiter in waiters { waiter.resume(throwing: HTTPTransportError.closed) }
    }

    // MARK: Transfers

    /// Runs on the task's preferred executor, which is the loop, also when an actor calls it.
    @concurrent private nonisolated func exchange(_ request: HTTPRequest) async throws -> HTTPResponse {
        try request.validate()
        let id = register()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                assumeIsolated { $0.submit(id, request, continuation) }
            }
        } onCancel: {
            // Cancels at once if already on the loop, so that a task cancelled before it began starts no I/O.
            if loop.isCurrent {
                assumeIsolated { $0.cancel(id) }
            } else {
                loop.execute { self.assumeIsolated { $0.cancel(id) } }
            }
        }
    }

    private nonisolated func register() -> TransferID { assumeIsolated { $0.table.register() } }

    private func submit(
        _ id: TransferID,
        _ request: HTTPRequest,
        _ continuation: CheckedContinuation<HTTPResponse, any Error>
    ) {
        switch table.submit(id, request, to: origin(of: request), for: continuation) {
        case .start(let request): start(id, request)
        case .wait: break
        case .refuseCancelled(let waiter): waiter.resume(throwing: CancellationError())
        case .refuseClosed(let waiter): waiter.resume(throwing: HTTPTransportError.closed)
        }
    }

    /// Caches the latest URL's origin, because most requests go to the same one as the request before.
    private func origin(of request: HTTPRequest) -> String {
        if latest.url != request.url { latest = (request.url, request.origin) }
        return latest.origin
    }

    private func start(_ id: TransferID, _ request: HTTPRequest) {
        do throws(HTTPTransportError) {
            let easy = try takeEasy()
            try easy.prepare(request, tag: id.number)
            try multi.add(easy)
            running[id] = easy
        } catch {
            table.finish(id)?.resume(throwing: error)
        }
    }

    private func finish(_ id: TransferID, _ code: CURLcode) {
        guard let easy = running.removeValue(forKey: id) else { return }
        multi.remove(easy)
        let result = easy.result(code)
        keep(easy)
        table.finish(id)?.resume(with: result)
        startWaiting()
    }

    private func cancel(_ id: TransferID) {
        switch table.cancel(id) {
        case .none: break
        case .refuse(let waiter): waiter.resume(throwing: CancellationError())
        case .stop(let waiter):
            if let easy = running.removeValue(forKey: id) {
                multi.remove(easy)
                keep(easy)
            }
            waiter.resume(throwing: CancellationError())
            startWaiting()
        }
    }

    private func startWaiting() {
        while let next = table.next() { start(next.id, next.payload) }
    }

    private func takeEasy() throws(HTTPTransportError) -> CurlEasy {
        if let easy = idle.popLast() { return easy }
        let easy = try CurlEasy(configuration)
        try multi.adopt(easy)
        return easy
    }

    private func keep(_ easy: CurlEasy) {
        easy.recycle()
        idle.append(easy)
    }
}
