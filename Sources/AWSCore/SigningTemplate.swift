internal import Cryptography
internal import HTTPTransport

/// A signed request of a JSON or query operation with gaps for date, body and signature, valid for one session and day.
///
/// Filling the gaps costs a seventh of signing from the start. `HTTPRequest.init(signing:)` makes the first request,
/// and tests compare the results with it.
final class SigningTemplate {
    private let credentials: Credentials
    private let day: String
    private let hashing = SHA256.Repeated()
    private let authentication: HMACSHA256.Keyed
    private var canonical: [UInt8]
    private let datePlace: Int
    private var textToSign: [UInt8]
    private var authorization: [UInt8]
    private let request: HTTPRequest
    private let dateIndex: Int
    private let authorizationIndex: Int

    /// The offset of the date in the string to sign: after `AWS4-HMAC-SHA256` and a line break.
    private static let dateInTextToSign = 17

    /// Whether requests like this one differ only in date and body; S3's also carry the body's hash in a header.
    static func canCover(_ request: AWSRequest, _ target: RequestTarget) -> Bool {
        request.method == "POST" && request.path == "/" && request.query.isEmpty && request.headers.isEmpty
            && target.scope.service != "s3"
    }

    /// Signs a request from the start and finds the gaps in it; nil where a gap is not found.
    init?(
        _ request: AWSRequest,
        for target: RequestTarget,
        _ credentials: Credentials,
        _ date: SigningDate,
        _ key: SigningKey
    ) {
        let subject = SigV4Signer.Subject(request, for: target, credentials, date)
        let canonical = CanonicalRequest(subject)
        let signer = SigV4Signer(credentials: credentials, scope: target.scope)
        var whole = HTTPRequest(signing: request, for: target, credentials: credentials, date: date, key: key)
        guard let place = Self.place(of: "\nx-amz-date:", in: canonical.bytes),
            let dateIndex = whole.headers.firstIndex(where: { $0.name == "X-Amz-Date" }),
            let authorizationIndex = whole.headers.firstIndex(where: { $0.name == "Authorization" })
        else { return nil }
        self.credentials = credentials
        day = date.day
        authentication = HMACSHA256.Keyed(key: key.bytes)
        self.canonical = canonical.bytes
        datePlace = place
        textToSign = Array(signer.stringToSign(canonical, date).utf8)
        authorization = Array(whole.headers[authorizationIndex].value.utf8)
        self.dateIndex = dateIndex
        self.authorizationIndex = authorizationIndex
        whole.body = []
        self.request = whole
    }

    /// Whether the signature of this request can be finished here.
    func covers(_ request: AWSRequest, _ credentials: Credentials, _ date: SigningDate) -> Bool {
        request.headers.isEmpty && request.query.isEmpty && request.path == "/" && request.method == "POST"
            && date.day == day && credentials == self.credentials
    }

    /// The request with its body, dated and signed.
    func request(_ body: [UInt8], _ date: SigningDate) -> HTTPRequest {
        Self.write(date, to: &canonical, at: datePlace)
        Self.write(date, to: &textToSign, at: Self.dateInTextToSign)
        hashing.writeDigits(of: body, to: &canonical, at: canonical.count - 64)
        hashing.writeDigits(of: canonical, to: &textToSign, at: textToSign.count - 64)
        authentication.writeDigits(of: textToSign, to: &authorization, at: authorization.count - 64)
        var signed = request
        signed.headers[dateIndex].value = date.text
        signed.headers[authorizationIndex].value = String(decoding: authorization, as: UTF8.self)
        signed.body = body
        return signed
    }

    private static func write(_ date: SigningDate, to text: inout [UInt8], at place: Int) {
        var place = place
        for byte in date.text.utf8 {
            text[place] = byte
            place += 1
        }
    }

    /// Where the text that follows `mark` begins.
    private static func place(of mark: String, in bytes: [UInt8]) -> Int? {
        let mark = Array(mark.utf8)
        return bytes.indices.first { bytes[$0...].starts(with: mark) }.map { $0 + mark.count }
    }
}
