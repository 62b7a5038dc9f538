internal import Cryptography
internal import HTTPTransport

/// An operation's request with everything that sending it needs.
struct SignedRequest {
    let http: HTTPRequest
    /// The authority that it goes to, by which clock skew is remembered.
    let host: String

    init(
        _ request: AWSRequest,
        endpoint: EndpointResolver.Endpoint,
        service: AWSService,
        style: CanonicalRequest.PathStyle,
        keys: Credentials,
        time: (_ host: String) -> Double
    ) {
        let (base, host, prefix) = Self.split(endpoint.url)
        let path = prefix + request.path
        let date = SigningDate(seconds: time(host))
        var headers = request.headers + [("Host", host), ("X-Amz-Date", date.text)]
        if let token = keys.sessionToken { headers.append(("X-Amz-Security-Token", token.value)) }
        if service.signingName == "s3" {
            headers.append(("X-Amz-Content-Sha256", Hexadecimal.encode(SHA256.hash(request.body))))
        }
        let subject = SigV4Signer.Subject(
            method: request.method,
            path: path,
            style: style,
            query: request.query,
            headers: headers,
            body: request.body
        )
        let scope = SigV4Signer.Scope(region: endpoint.signingRegion, service: service.signingName)
        let signer = SigV4Signer(credentials: keys, scope: scope)
        headers.append(("Authorization", signer.authorization(for: subject, date: date)))
        headers.append(("User-Agent", "scanfleet/1"))
        let query = CanonicalRequest.query(request.query)
        http = HTTPRequest(
            method: request.method,
            url: base + path + (query.isEmpty ? "" : "?" + query),
            headers: headers,
            body: request.body
        )
        self.host = host
    }

    /// Scheme with authority, the authority alone without a default port, and the path that an override begins with.
    private static func split(_ url: String) -> (base: String, host: String, prefix: String) {
        let isPlain = url.lowercased().hasPrefix("http://")
        let rest = url.dropFirst(isPlain ? 7 : 8)
        let authority = rest.prefix { $0 != "/" }
        let port = isPlain ? ":80" : ":443"
        let host = authority.hasSuffix(port) ? String(authority.dropLast(port.count)) : String(authority)
        return ((isPlain ? "http://" : "https://") + authority, host, String(rest.dropFirst(authority.count)))
    }
}

/// The one form of date that HTTP servers send: `Sun, 06 Nov 1994 08:49:37 GMT`.
package enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Seconds since 1970; nil for any other form.
    package static func seconds(_ text: String) -> Double? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let year = Int(parts[3]) else { return nil }
        guard let month = months.firstIndex(where: { $0 == parts[2] }).map({ $0 + 1 }) else { return nil }
        let clock = parts[4].split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3 else { return nil }
        // Howard Hinnant's `days_from_civil`.
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        return Double(days * 86400 + clock[0] * 3600 + clock[1] * 60 + clock[2])
    }
}
