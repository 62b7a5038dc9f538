internal import Cryptography
internal import Support

/// Signs requests with AWS Signature Version 4 in headers; it sends nothing and reads no clock.
package struct SigV4Signer: Sendable {
    /// The region and service that a signature is valid for.
    package struct Scope: Sendable, Hashable {
        /// The region's code, such as `eu-central-1`.
        package var region: String
        /// The service's signing name, such as `ecr`, which may differ from its host's.
        package var service: String

        /// Names region and service as the signature spells them.
        package init(region: String, service: String) {
            self.region = region
            self.service = service
        }
    }

    /// The parts of a request that the signature covers.
    package struct Subject: Sendable {
        /// The HTTP method, in upper case as it is sent.
        package var method: String
        /// Percent-encoded, as it is sent.
        package var path: String
        /// How the path is encoded: `verbatim` for S3, `normalized` for every other service.
        package var style: CanonicalRequest.PathStyle
        /// Not encoded.
        package var query: [(name: String, value: String)]
        /// Every header that the signature covers, `Host` among them.
        package var headers: [(name: String, value: String)]
        /// SHA-256 in hexadecimal digits.
        package var payloadHash: String

        /// Describes a request.
        package init(
            method: String,
            path: String,
            style: CanonicalRequest.PathStyle = .normalized,
            query: [(name: String, value: String)] = [],
            headers: [(name: String, value: String)],
            payloadHash: String
        ) {
            self.method = method
            self.path = path
            self.style = style
            self.query = query
            self.headers = headers
            self.payloadHash = payloadHash
        }
    }

    /// The keys that sign; the signer does not check their expiration.
    package let credentials: Credentials
    /// The region and service for which its signatures are valid.
    package let scope: Scope

    /// Signs with `credentials` for `scope`.
    package init(credentials: Credentials, scope: Scope) {
        self.credentials = credentials
        self.scope = scope
    }

    /// The payload's SHA-256 in hexadecimal digits, as `Subject.payloadHash` takes it.
    package static func hash(_ payload: [UInt8]) -> String { Hexadecimal.encode(SHA256.hash(payload)) }

    /// The `Authorization` header's value.
    ///
    /// `subject` must already hold `X-Amz-Date` and, for a session, `X-Amz-Security-Token`. `key` is the signing key of
    /// the scope and the date's day; without it the key is derived.
    package func authorization(for subject: Subject, date: SigningDate, key: SigningKey? = nil) -> String {
        let canonical = CanonicalRequest(subject)
        let key = key ?? SigningKey(secret: credentials.secretAccessKey, scope: scope, day: date.day)
        let signature = HMACSHA256.authenticate(textToSign(canonical, date), key: key.bytes)
        var value = Array("AWS4-HMAC-SHA256 Credential=".utf8)
        value.reserveCapacity(400)
        value.append(contentsOf: credentials.accessKeyID.utf8)
        value.append(UInt8(ascii: "/"))
        appendScope(date, to: &value)
        value.append(contentsOf: ", SignedHeaders=".utf8)
        value.append(contentsOf: canonical.signedHeaders.utf8)
        value.append(contentsOf: ", Signature=".utf8)
        Hexadecimal.append(signature, to: &value)
        return String(decoding: value, as: UTF8.self)
    }

    /// The text that the derived key signs.
    package func stringToSign(_ canonical: CanonicalRequest, _ date: SigningDate) -> String {
        String(decoding: textToSign(canonical, date), as: UTF8.self)
    }

    private func textToSign(_ canonical: CanonicalRequest, _ date: SigningDate) -> [UInt8] {
        var text = Array("AWS4-HMAC-SHA256\n".utf8)
        text.reserveCapacity(200)
        text.append(contentsOf: date.text.utf8)
        text.append(UInt8(ascii: "\n"))
        appendScope(date, to: &text)
        text.append(UInt8(ascii: "\n"))
        Hexadecimal.append(SHA256.hash(canonical.bytes), to: &text)
        return text
    }

    private func appendScope(_ date: SigningDate, to text: inout [UInt8]) {
        for part in [date.day, scope.region, scope.service] {
            text.append(contentsOf: part.utf8)
            text.append(UInt8(ascii: "/"))
        }
        text.append(contentsOf: "aws4_request".utf8)
    }
}

/// A second in UTC, in the form of signatures.
package struct SigningDate: Sendable, Hashable {
    /// `YYYYMMDDTHHMMSSZ`.
    package let text: String
    /// `YYYYMMDD`.
    package let day: String

    /// Takes a date in that form, as the test vectors give it.
    package init(text: String) {
        self.text = text
        day = String(decoding: text.utf8.prefix(8), as: UTF8.self)
    }

    /// Formats seconds since 1970.
    package init(seconds: Double) { self.init(text: UTCTime(seconds: Int(seconds.rounded(.down))).compactText) }
}
