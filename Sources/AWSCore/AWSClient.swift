internal import HTTPTransport
internal import Support

/// Sends operations to one region with one set of credentials: encodes, signs, retries, and reads answer or error.
package struct AWSClient: Sendable {
    /// Where the operations go, unless one region serves the whole partition.
    package let region: String
    private let runtime: AWSRuntime
    private let provider: any CredentialsProvider
    private let gate: CallLimiter
    private let maximumAttempts: Int?
    private let memory = OperationCache()

    /// Calls `region` and signs with `credentials`; `maximumAttempts` overrides the runtime's retry policy.
    package init(
        runtime: AWSRuntime,
        region: String,
        credentials: any CredentialsProvider,
        gate: CallLimiter = .open,
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

    /// The clock of the host that serves `service`, in seconds since 1970: ours plus the skew learnt from its answers.
    ///
    /// Compare the times in that service's answers, such as an expiration, with this clock.
    package func clock(of service: AWSService) -> @Sendable () -> Double {
        // Without an endpoint there are no answers to learn from, and every call throws the reason.
        guard let endpoint = try? runtime.endpoints.endpoint(for: service, region: region) else { return runtime.now }
        let host = RequestTarget(endpoint, service: service).host
        return { [runtime] in runtime.time(at: host) }
    }

    /// Performs one operation.
    ///
    /// - Throws: `AWSServiceError`, `HTTPTransportError`, `CredentialsError`, `AWSDecodingError` or `CancellationError`
    ///   once no further attempt helps; any error of `encode`; `EndpointResolver.ConfigurationError`.
    package func send<O: AWSOperation>(_ operation: O) async throws -> O.Response {
        let request = try operation.encode()
        let plan = try memory.plan(for: ObjectIdentifier(O.self)) { try makePlan(O.self) }
        var answer: O.Response?
        try await perform(request, by: plan) { answer = try Self.read($0, of: O.self, hiding: $1) }
        guard let answer else { preconditionFailure("a call ended well whose answer nobody has read") }
        return answer
    }

    private func makePlan<O: AWSOperation>(_ operation: O.Type) throws -> PreparedOperation {
        let endpoint = try runtime.endpoints.endpoint(for: O.service, region: region)
        return PreparedOperation(
            O.self,
            target: RequestTarget(endpoint, service: O.service),
            terms: runtime.retries.terms(for: O.service, attempts: maximumAttempts),
            budget: memory.budget(of: O.service),
            userAgent: runtime.userAgent
        )
    }

    private static func read<O: AWSOperation>(
        _ response: HTTPResponse,
        of operation: O.Type,
        hiding token: Secret?
    ) throws -> O.Response {
        guard response.isIntact else {
            let reason = "its \(response.body.count) bytes do not have the checksum that x-amz-crc32 gives"
            throw AWSDecodingError(operation: O.name, reason: reason)
        }
        // 304 (not modified) answers a conditional read; the operation's `decode` handles it.
        guard (200..<300).contains(response.status) || response.status == 304 else {
            throw AWSErrorReader.error(response, of: O.self, hiding: token)
        }
        do {
            return try O.decode(response)
        } catch is ErrorInSuccessResponse {
            var failed = response
            failed.status = 500
            throw AWSErrorReader.error(failed, of: O.self, hiding: token)
        } catch {
            throw AWSDecodingError(operation: O.name, reason: "\(error)")
        }
    }

    // MARK: Shared by all operations, so that it is compiled once

    /// Reads a whole answer or throws its error; the secret is the session token, which no error may repeat.
    private typealias Reader = (HTTPResponse, Secret?) throws -> Void

    private func perform(_ request: AWSRequest, by plan: PreparedOperation, read: Reader) async throws {
        var course = RetryState(terms: plan.terms, isIdempotent: plan.isIdempotent)
        while true {
            let credentials = plan.isSigned ? try await provider.credentials() : nil
            try await gate.enter(plan.name)
            let signed = plan.sign(request, with: credentials, at: runtime.time(at: plan.target.host))
            let attempt = await attempt(signed, by: plan, number: course.attempt) {
                try read($0, credentials?.sessionToken)
            }
            guard let error = attempt.error else { return plan.budget.deposit(course.refund) }
            try await prepare(after: error, attempt, by: plan, credentials, &course)
        }
    }

    private struct Attempt {
        /// Nil where it succeeded.
        var error: (any Error)?
        /// The host's clock when it answered, in seconds since 1970.
        var hostTime: Double?
        /// The wait that the answer asked for.
        var askedWait: Duration?
    }

    private func attempt(
        _ request: HTTPRequest,
        by plan: PreparedOperation,
        number: Int,
        read: (HTTPResponse) throws -> Void
    ) async -> Attempt {
        let began = ContinuousClock.now
        var attempt = Attempt()
        do {
            let response = try await runtime.http.send(request)
            // No service refuses an unsigned call for its date, so its `Date` header is the only sign of clock skew.
            if !plan.isSigned { learnTime(of: response, at: plan.target.host) }
            do {
                try read(response)
            } catch {
                attempt.error = error
                attempt.hostTime = response.header("date").flatMap(HTTPDate.seconds)
                attempt.askedWait = AWSErrorReader.retryAfter(response)
            }
        } catch {
            attempt.error = error
        }
        observe(attempt.error, plan, number: number, .now - began)
        return attempt
    }

    /// Corrects the host's clock; a difference below a minute may as well be network delay and is ignored.
    private func learnTime(of response: HTTPResponse, at host: String) {
        guard let time = response.header("date").flatMap(HTTPDate.seconds), abs(time - runtime.time(at: host)) > 60
        else {
            return
        }
        runtime.learnTime(time, at: host)
    }

    private func observe(_ error: (any Error)?, _ plan: PreparedOperation, number: Int, _ duration: Duration) {
        guard let outcome = error.map(AWSCallRecord.Outcome.init) ?? .ok else { return }
        runtime.observe(
            AWSCallRecord(
                service: plan.serviceName,
                operation: plan.name,
                attempt: number,
                outcome: outcome,
                duration: duration
            )
        )
    }

    // MARK: Between attempts

    /// Prepares the next attempt (clock, credentials or wait), or throws `error` where none follows.
    private func prepare(
        after error: any Error,
        _ attempt: Attempt,
        by plan: PreparedOperation,
        _ credentials: Credentials?,
        _ course: inout RetryState
    ) async throws {
        if case .throttled = error.dispositionOrPermanent { await gate.throttled(plan.name) }
        let skew = attempt.hostTime.map { $0 - runtime.time(at: plan.target.host) }
        switch course.step(after: error, skew: skew, asked: attempt.askedWait) {
        case .stop:
            throw error
        case .correctClock:
            if let hostTime = attempt.hostTime { runtime.learnTime(hostTime, at: plan.target.host) }
        case .renewCredentials:
            guard let credentials, let refusal = CredentialsRefusal(error) else { throw error }
            await provider.invalidate(credentials, refusal)
            // The same keys again would be refused again.
            if try await provider.credentials() == credentials { throw error }
        case .wait(let duration, let cost):
            guard plan.budget.withdraw(cost) else { throw error }
            try await runtime.sleep(duration)
        }
    }
}

extension CredentialsRefusal {
    /// Nil for an error that new credentials do not help against.
    fileprivate init?(_ error: any Error) {
        guard let error = error as? AWSServiceError else { return nil }
        if error.isExpiredToken {
            self = .expired
        } else if error.mayBeRevokedSession {
            self = .mayBeRevoked
        } else {
            return nil
        }
    }
}
