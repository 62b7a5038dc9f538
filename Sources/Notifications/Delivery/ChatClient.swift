package import HTTPTransport

/// Posts one message to the chat, in a single attempt without retries.
package struct ChatClient: Sendable {
    /// The chat's addresses, token and limits; `OutboxDispatcher` reads its retry limits here too.
    package let configuration: ChatConfiguration
    private let http: HTTPClient

    /// Posts through `http`.
    package init(configuration: ChatConfiguration, http: HTTPClient) {
        self.configuration = configuration
        self.http = http
    }

    /// Returns when the chat has accepted the message with a 2xx.
    ///
    /// - Throws: `ChatError` or `HTTPTransportError`; after the latter the message may have arrived all the same, and its
    ///   repetition has the same `Idempotency-Key`.
    package func post(_ message: OutboxMessage) async throws {
        var request = HTTPRequest(
            method: "POST",
            url: configuration.roomURLs[message.room] ?? configuration.url,
            headers: [("Content-Type", "application/json"), ("Idempotency-Key", message.id)],
            body: configuration.format.body(of: message)
        )
        if let token = configuration.token { request.headers.append(("Authorization", "Bearer \(token)")) }
        request.maximumResponseBytes = 1 << 20
        request.timeout = configuration.timeout
        request.isRepeatable = false
        let response = try await http.send(request)
        guard (200..<300).contains(response.status) else { throw ChatError(response) }
    }
}
