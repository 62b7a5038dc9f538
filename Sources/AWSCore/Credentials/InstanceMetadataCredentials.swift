internal import HTTPTransport
internal import Support

/// The keys of the role of an EC2 instance, by IMDSv2.
actor InstanceMetadataCredentials {
    private let endpoint: InstanceMetadataEndpoint
    private let runtime: AWSRuntime
    private let warn: @Sendable (String) -> Void
    private var latest: Credentials?

    /// Asks `endpoint`; `warn` is called when keys are used past the expiration that they came with.
    init(endpoint: InstanceMetadataEndpoint, runtime: AWSRuntime, warn: @escaping @Sendable (String) -> Void) {
        self.endpoint = endpoint
        self.runtime = runtime
        self.warn = warn
    }

    /// Loads keys; while the metadata service fails, the old ones are kept and it is asked again a little later.
    ///
    /// A failure of the metadata service must not stop a process that works (static stability, as in AWS' SDKs).
    func load() async throws -> Credentials {
        do {
            let keys = try await fetch()
            latest = keys
            return extended(keys, "the metadata service gave keys that are about to end")
        } catch let error where error.dispositionOrPermanent.isRetryable {
            guard let latest else { throw explained(error) }
            return extended(latest, "the metadata service failed (\(error))")
        } catch {
            throw explained(error)
        }
    }

    /// The same keys; an expiration nearer than 15 minutes plus a random 2 to 10 minutes is moved to that time.
    ///
    /// The random part keeps a fleet from asking again all at once.
    private func extended(_ keys: Credentials, _ reason: String) -> Credentials {
        let end = runtime.now() + 15 * 60 + Double.random(in: 2 * 60...10 * 60)
        guard let expiration = keys.expiration, expiration < end else { return keys }
        warn("\(reason): the keys at hand are used on")
        return Credentials(
            accessKeyID: keys.accessKeyID,
            secretAccessKey: keys.secretAccessKey,
            sessionToken: keys.sessionToken,
            expiration: end
        )
    }

    private func explained(_ error: any Error) -> any Error {
        guard let lookedFor = endpoint.lookedFor, !(error is CancellationError) else { return error }
        return CredentialsError(
            "no AWS credentials: there is \(lookedFor), and the instance's metadata give none: \(error)",
            disposition: error.dispositionOrPermanent
        )
    }

    // MARK: Requests

    private static let path = "/latest/meta-data/iam/security-credentials/"

    private func fetch() async throws -> Credentials {
        let token = try await token()
        guard token != nil || endpoint.allowsVersion1 else {
            throw CredentialsError("it gives no token, and AWS_EC2_METADATA_V1_DISABLED turns version 1 off")
        }
        let roles = String(decoding: try await get(Self.path, token), as: UTF8.self)
        guard let role = roles.split(whereSeparator: \.isWhitespace).first else {
            throw CredentialsError("the instance has no role")
        }
        let body = try await get(Self.path + PercentEncoding.encode(String(role)), token)
        return try CredentialsDocument(body, from: "the service").credentials(from: "the service", isSession: true)
    }

    /// A token of IMDSv2; nil where the service has none to give, and then version 1 is asked.
    ///
    /// A time-out counts as none too: the answer does not reach a container beyond the hop limit. Once keys have
    /// been loaded it is an error instead: a late token must not make the process fall back to version 1.
    private func token() async throws -> String? {
        let headers = [(name: "x-aws-ec2-metadata-token-ttl-seconds", value: "21600")]
        let response: HTTPResponse
        do {
            response = try await send("PUT", "/latest/api/token", headers)
        } catch HTTPTransportError.timedOut where latest == nil {
            guard !endpoint.allowsVersion1 else { return nil }
            throw CredentialsError(
                "its token did not come in time, and AWS_EC2_METADATA_V1_DISABLED turns version 1 off",
                disposition: .transient
            )
        }
        switch response.status {
        case 200:
            let token = String(decoding: response.body, as: UTF8.self)
            guard token.isHeaderValue, !token.isEmpty else {
                throw CredentialsError("its token holds a line break or nothing", disposition: .transient)
            }
            return token
        case 403, 404, 405: return nil
        default: throw CredentialsError(response, from: "the service")
        }
    }

    private func get(_ path: String, _ token: String?) async throws -> [UInt8] {
        let response = try await send("GET", path, token.map { [("x-aws-ec2-metadata-token", $0)] } ?? [])
        guard response.status == 200 else {
            // The token expired or was not sent; the next load asks for a new one.
            guard response.status != 401 else {
                throw CredentialsError("it wants a token (status 401)", disposition: .transient)
            }
            guard response.status == 404 else { throw CredentialsError(response, from: "the service") }
            throw CredentialsError("the instance has no role (status 404)")
        }
        return response.body
    }

    /// Sends a request, up to `maximumAttempts` times while no answer or a 5xx comes.
    private func send(
        _ method: String,
        _ path: String,
        _ headers: [(name: String, value: String)]
    ) async throws
        -> HTTPResponse
    {
        let request = HTTPRequest(
            metadata: method,
            url: endpoint.url + path,
            headers: headers + [("User-Agent", runtime.userAgent)],
            timeout: endpoint.timeout
        )
        for _ in 1..<endpoint.maximumAttempts {
            do {
                let response = try await runtime.http.send(request)
                if response.status < 500 { return response }
            } catch let error where error.dispositionOrPermanent.isRetryable {
                // The next attempt says more, or the last one throws.
            }
        }
        return try await runtime.http.send(request)
    }
}
