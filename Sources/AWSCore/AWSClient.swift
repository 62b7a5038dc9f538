internal import HTTPTransport
internal import Retry

/// Sends operations to one region with one set of credentials: encodes, signs, retries, and reads answer or error.
package struct AWSClient: Sendable {
    package let region: String
    private let runtime: AWSRuntime
    private let provider: any CredentialsProvider
    private let gate: CallGate
    private let maximumAttempts: Int

    /// Calls `region` as whoever `credentials` are; three attempts are AWS' standard mode.
    package init(
        runtime: AWSRuntime,
        region: String,
        credentials: any CredentialsProvider,
        gate: CallGate = .open,
        maximumAttempts: Int = 3
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
    ///   once no further attempt helps.
    package func send<O: AWSOperation>(_ operation: O) async throws -> O.Response {
        let request = try operation.encode()
        let endpoint = try runtime.endpoints.endpoint(for: O.service, region: region)
        var course = RetryCourse(maximumAttempts: maximumAttempts)
        while true {
            let keys = try await provider.credentials()
            try await gate.enter(O.name)
            let attempt = await attempt(O.self, request, endpoint, keys)
            switch attempt.result {
            case .success(let response):
                runtime.deposit(course.refund, budgetKey(O.service))
                return response
            case .failure(let error):
                if case .throttled = error.dispositionOrPermanent { await gate.throttled(O.name) }
                let wait = try await pause(after: error, attempt, keys, O.self, &course)
                try await runtime.sleep(wait)
            }
        }
    }

    /// One try, timed and told to the observer.
    private struct Attempt<Response> {
        var result: Result<Response, any Error>
        /// The host's time less ours, in seconds, where the answer told it.
        var skew: Double?
        var host: String
    }

    private func attempt<O: AWSOperation>(
        _ type: O.Type,
        _ request: AWSRequest,
        _ endpoint: EndpointResolver.Endpoint,
        _ keys: Credentials
    ) async -> Attempt<O.Response> {
        let signed = SignedRequest(
            request,
            endpoint: endpoint,
            service: O.service,
            style: O.signsPathVerbatim ? .verbatim : .normalized,
            keys: keys,
            time: { runtime.time(at: $0) }
        )
        let began = ContinuousClock.now
        do {
            let response = try await runtime.http.send(signed.http)
            let result = read(response, O.self)
            observe(O.self, result, .now - began)
            let skew = response.header("date").flatMap(HTTPDate.seconds).map { $0 - runtime.now() }
            return Attempt(result: result, skew: skew, host: signed.host)
        } catch {
            observe(O.self, Result<O.Response, any Error>.failure(error), .now - began)
            return Attempt(result: .failure(error), skew: nil, host: signed.host)
        }
    }

    private func read<O: AWSOperation>(_ response: HTTPResponse, _ type: O.Type) -> Result<O.Response, any Error> {
        guard (200..<300).contains(response.status) || response.status == 304 else {
            return .failure(AWSErrorReader.error(response, of: O.self))
        }
        do {
            return .success(try O.decode(response))
        } catch {
            return .failure(AWSDecodingError(operation: O.name, reason: "\(error)"))
        }
    }

    private func observe<O: AWSOperation, R>(_ type: O.Type, _ result: Result<R, any Error>, _ duration: Duration) {
        let outcome: AWSCallRecord.Outcome =
            switch result {
            case .success: .ok
            case .failure(let error):
                if case .throttled = error.dispositionOrPermanent { .throttled } else if error is AWSServiceError { .error } else { .transport }
            }
        runtime.observe(
            AWSCallRecord(service: O.service.id.lowercased(), operation: O.name, outcome: outcome, duration: duration)
        )
    }

    // MARK: Retries

    /// Decides what follows a failure: the time to wait before the next attempt, or the error for the caller.
    private func pause<O: AWSOperation, R>(
        after error: any Error,
        _ attempt: Attempt<R>,
        _ keys: Credentials,
        _ type: O.Type,
        _ course: inout RetryCourse
    ) async throws -> Duration {
        if let refused = error as? AWSServiceError {
            if refused.mayBeClockSkew, let skew = attempt.skew, abs(skew) > 60, course.mayCorrectClock() {
                runtime.learnSkew(skew, at: attempt.host)
                return .zero
            }
            if refused.isExpiredToken, course.mayRenewCredentials() {
                await provider.invalidate(keys)
                return .zero
            }
        }
        guard O.isIdempotent || !(error is HTTPTransportError) else { throw error }
        switch course.next(after: error.dispositionOrPermanent) {
        case .stop: throw error
        case .wait(let duration, let cost):
            guard runtime.withdraw(cost, budgetKey(O.service)) else { throw error }
            return duration
        }
    }

    private func budgetKey(_ service: AWSService) -> String { service.id + "/" + region }
}
