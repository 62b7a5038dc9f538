internal import HTTPTransport
internal import Support

/// Asks the agent beside a container for keys.
struct ContainerCredentials: Sendable {
    /// Times and tries are botocore's.
    private static let maximumAttempts = 3
    private static let pause = Duration.seconds(1)
    private static let timeout = Duration.seconds(2)

    let endpoint: ContainerEndpoint
    let runtime: AWSRuntime

    /// Loads keys; each attempt reads the token file again, because the token may have been rotated.
    func load() async throws -> Credentials {
        var attempt = 1
        while true {
            let request = try await request()
            do {
                return try await attempted(request)
            } catch let error where attempt < Self.maximumAttempts && !(error is CancellationError) {
                attempt += 1
                try await runtime.sleep(Self.pause)
            }
        }
    }

    private func request() async throws -> HTTPRequest {
        var headers = [(name: "Accept", value: "application/json")]
        if let proof = try await proof() { headers.append(("Authorization", proof)) }
        var request = HTTPRequest(metadata: "GET", url: endpoint.url, headers: headers, timeout: Self.timeout)
        request.headers.append(("User-Agent", runtime.userAgent))
        return request
    }

    private func proof() async throws -> String? {
        switch endpoint.proof {
        case nil: return nil
        case .token(let token): return token.value
        case .file(let path):
            let text = try await CredentialsFile.text(path)
            guard text.isHeaderValue else {
                throw CredentialsError("the token in \(path) holds a line break, so it is not sent")
            }
            return text
        }
    }

    private func attempted(_ request: HTTPRequest) async throws -> Credentials {
        let response = try await runtime.http.send(request)
        guard response.status == 200 else { throw CredentialsError(response, from: "the agent") }
        let document = try CredentialsDocument(response.body, from: "the agent")
        return try document.credentials(from: "the agent", isSession: true)
    }
}

extension HTTPRequest {
    /// A request to a metadata server of this very machine: small, quick, and never through a proxy, which would see
    /// the keys.
    init(metadata method: String, url: String, headers: [(name: String, value: String)], timeout: Duration) {
        self.init(method: method, url: url, headers: headers)
        self.timeout = timeout
        connectTimeout = timeout
        maximumResponseBytes = 64 << 10
        bypassesProxies = true
    }
}

extension CredentialsError {
    /// Describes a metadata server's error answer by its status and, where the body has one, its error message.
    init(_ response: HTTPResponse, from origin: String) {
        // A body that is not a JSON document leaves only the status to report.
        let complaint = (try? CredentialsDocument(response.body, from: origin))?.complaint
        let disposition: Disposition =
            switch response.status {
            case 429: .throttled(retryAfter: nil)
            case 500...: .serverFault
            default: .permanent
            }
        let text = "\(origin) answered with status \(response.status)"
        self.init(complaint.map { "\(text): \($0)" } ?? text, disposition: disposition)
    }
}
