package import Domain
package import HTTPTransport
internal import Retry

/// Sends news to Hubot. Only a 2xx answer counts as sent; what one call could not send is thrown, and the next call with
/// the same news goes on where it stopped.
package actor HubotNotifier {
    private let configuration: HubotConfiguration
    private let http: HTTPClient
    private let sleep: @Sendable (Duration) async throws -> Void
    /// Messages that arrived, of news of which another message has not arrived yet.
    private var arrived: Set<String> = []
    private static let remembered = 10_000

    /// Sends through `http`; `sleep` waits between attempts.
    package init(
        configuration: HubotConfiguration,
        http: HTTPClient,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.configuration = configuration
        self.http = http
        self.sleep = sleep
    }

    /// Returns when Hubot has accepted everything that `news` tells.
    ///
    /// - Throws: `HubotError`, `HTTPTransportError` or `CancellationError` when some of it could not be sent.
    package func deliver(_ news: News) async throws {
        var sent: Set<String> = []
        try await deliver(news, limit: HubotMessage.maximumBytes, sent: &sent)
        arrived.subtract(sent)
    }

    private func deliver(_ news: News, limit: Int, sent: inout Set<String>) async throws {
        let message = HubotMessage(news, room: configuration.room)
        if message.body.count <= limit || news.halves == nil {
            do {
                try await deliver(message, sent: &sent)
                return
            } catch let error as HubotError where error.status == 413 && news.halves != nil {
                // Hubot's own limit is smaller than Express' default: halve until it fits.
            }
        }
        guard let (first, second) = news.halves else { return }
        try await deliver(first, limit: limit, sent: &sent)
        try await deliver(second, limit: limit, sent: &sent)
    }

    private func deliver(_ message: HubotMessage, sent: inout Set<String>) async throws {
        let key = message.idempotencyKey
        if !arrived.contains(key) {
            try await post(message)
            if arrived.count >= Self.remembered { arrived = [] }
            arrived.insert(key)
        }
        sent.insert(key)
    }

    private func post(_ message: HubotMessage) async throws {
        var attempt = 1
        while true {
            do {
                return try await postOnce(message)
            } catch let error where error.dispositionOrPermanent.isRetryable && attempt < configuration.attempts {
                try await sleep(delay(after: error, attempt: attempt))
                attempt += 1
            }
        }
    }

    private func postOnce(_ message: HubotMessage) async throws {
        var request = HTTPRequest(method: "POST", url: configuration.url, body: message.body)
        request.headers = [
            ("Content-Type", "application/json"), ("Idempotency-Key", message.idempotencyKey),
        ]
        if let token = configuration.token { request.headers.append(("Authorization", "Bearer \(token)")) }
        request.maximumResponseBytes = 1 << 20
        let response = try await http.send(request)
        guard (200..<300).contains(response.status) else { throw HubotError(response) }
    }

    private func delay(after error: any Error, attempt: Int) -> Duration {
        let own = configuration.backoff.delay(afterAttempt: attempt)
        guard case .throttled(let asked?) = error.dispositionOrPermanent else { return own }
        return max(own, min(asked, configuration.longestWait))
    }
}
