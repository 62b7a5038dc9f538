internal import HTTPTransport
internal import Retry

/// Sends operations to one region with one set of credentials: encodes, signs, retries, and reads answer or error.
package struct AWSClient: Sendable {
    /// Where the operations go, unless one region serves the whole partition.
    package let region: String
    private let runtime: AWSRuntime
    private let provider: any CredentialsProvider
    private let gate: CallGate
    private let maximumAttempts: Int?
    private let memory = ClientMemory()

    /// Calls `region` as whoever `credentials` are; `maximumAttempts` goes before the runtime's policy.
    package init(
        runtime: AWSRuntime,
        region: String,
        credentials: any CredentialsProvider,
        gate: CallGate = .open,
        maximumAttempts: Int? = nil
    ) {
        self.runtime = runtime
        self.region = region
        self.provider = credentials
        self.gate = gate
        self.maximumAttempts = maximumAttempts
    }

    /// The operation's pages.
    package func pages<O: PaginatedOperation>(_ operation: O) -> Pages<O> {
        Pages(first: operation) { try await self.send($0) }
    }

    /// Performs one operation.
    ///
    /// - Throws: `AWSServiceError`, `HTTPTransportError`, `CredentialsError`, `AWSDecodingError` or `CancellationError`,
    ///   once no further attempt helps; what `encode` throws; `EndpointResolver.ConfigurationError`.
    package func send<O: AWSOperation>(_ operation: O) async throws -> O.Response {
        let request = try operation.encode()
        let target = try memory.target(for: O.service) {
            RequestTarget(try runtime.endpoints.endpoint(for: O.service, region: region), service: O.service)
        }
        let terms = runtime.retries.terms(for: O.service, attempts: maximumAttempts)
        var course = RetryCourse(terms: terms, isIdempotent: O.isIdempotent)
        while true {
            let credentials = O.isSigned ? try await provider.credentials() : nil
            try await gate.enter(O.name)
            let signed = sign(request, of: O.self, for: target, credentials)
            let attempt = await attempt(signed, of: O.self, at: target, number: course.attempt)
            switch attempt.result {
            case .success(let response):
                memory.deposit(course.refund, for: O.service)
                return response
            case .failure(let error):
                try await prepare(after: error, attempt, of: O.self, at: target, credentials, &course)
            }
        }
    }

    private func sign<O: AWSOperation>(
        _ request: AWSRequest,
        of operation: O.Type,
        for target: RequestTarget,
        _ credentials: Credentials?
    ) -> HTTPRequest {
        guard let credentials else {
            var plain = HTTPRequest(request, for: target)
            plain.headers.append(("User-Agent", runtime.userAgent))
            return plain
        }
        let date = SigningDate(seconds: runtime.time(at: target.host))
        var signed = HTTPRequest(
            signing: request,
            for: target,
            credentials: credentials,
            date: date,
            key: memory.key(secret: credentials.secretAccessKey, scope: target.scope, day: date.day)
        )
        signed.isRepeatable = O.isIdempotent
        signed.headers.append(("User-Agent", runtime.userAgent))
        return signed
    }

    // MARK: One attempt

    private struct Attempt<Response> {
        var result: Result<Response, any Error>
        /// The host's clock when it answered, in seconds since 1970.
        var hostTime: Double?
        /// The wait that the answer asked for.
        var askedWait: Duration?
    }

    private func attempt<O: AWSOperation>(
        _ request: HTTPRequest,
        of operation: O.Type,
        at target: RequestTarget,
        number: Int
    ) async -> Attempt<O.Response> {
        let began = ContinuousClock.now
        var attempt: Attempt<O.Response>
        do {
            let response = try await runtime.http.send(request)
            attempt = Attempt(result: read(response, of: O.self))
            if case .failure = attempt.result {
                attempt.hostTime = response.header("date").flatMap(HTTPDate.seconds)
                attempt.askedWait = AWSErrorReader.retryAfter(response)
            }
        } catch {
            attempt = Attempt(result: .failure(error))
        }
        observe(attempt.result, of: O.self, number: number, .now - began)
        return attempt
    }

    private func read<O: AWSOperation>(_ response: HTTPResponse, of operation: O.Type) -> Result<O.Response, any Error>
    {
        guard response.isIntact else {
            let reason = "its \(response.body.count) bytes do not have the checksum that x-amz-crc32 gives"
            return .failure(AWSDecodingError(operation: O.name, reason: reason))
        }
        // 304 answers a conditional read: the operation that asked for it knows what it means.
        guard (200..<300).contains(response.status) || response.status == 304 else {
            return .failure(AWSErrorReader.error(response, of: O.self))
        }
        do {
            return .success(try O.decode(response))
        } catch {
            return .failure(AWSDecodingError(operation: O.name, reason: "\(error)"))
        }
    }

    private func observe<O: AWSOperation>(
        _ result: Result<O.Response, any Error>,
        of operation: O.Type,
        number: Int,
        _ duration: Duration
    ) {
        let outcome: AWSCallRecord.Outcome? =
            switch result {
            case .success: .ok
            case .failure(let error): AWSCallRecord.Outcome(error)
            }
        guard let outcome else { return }
        runtime.observe(
            AWSCallRecord(
                service: O.service.id.lowercased(),
                operation: O.name,
                attempt: number,
                outcome: outcome,
                duration: duration
            )
        )
    }

    // MARK: Between attempts

    /// Makes ready for the next attempt, or throws `error` where none is to follow.
    private func prepare<O: AWSOperation>(
        after error: any Error,
        _ attempt: Attempt<O.Response>,
        of operation: O.Type,
        at target: RequestTarget,
        _ credentials: Credentials?,
        _ course: inout RetryCourse
    ) async throws {
        if case .throttled = error.dispositionOrPermanent { await gate.throttled(O.name) }
        let skew = attempt.hostTime.map { $0 - runtime.time(at: target.host) }
        switch course.step(after: error, skew: skew, asked: attempt.askedWait) {
        case .stop:
            throw error
        case .correctClock:
            if let hostTime = attempt.hostTime { runtime.learnTime(hostTime, at: target.host) }
        case .renewCredentials:
            guard let credentials else { throw error }
            await provider.invalidate(credentials)
            // The same keys again would be refused again.
            if try await provider.credentials() == credentials { throw error }
        case .wait(let duration, let cost):
            guard memory.withdraw(cost, for: O.service) else { throw error }
            try await runtime.sleep(duration)
        }
    }
}
