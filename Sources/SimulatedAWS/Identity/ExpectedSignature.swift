internal import Cryptography

/// Computes what a request's signature must be; written from AWS' description and apart from the product's signer,
/// so that the two check each other.
struct ExpectedSignature {
    var request: WireRequest
    var scope: SignatureScope
    /// As `x-amz-date` has it.
    var timestamp: String
    var payloadHash: String

    func value(secret: String) -> String {
        var key = Array("AWS4\(secret)".utf8)
        for part in [scope.day, scope.region, scope.service, "aws4_request"] {
            key = HMACSHA256.authenticate(Array(part.utf8), key: key)
        }
        return Hexadecimal.encode(HMACSHA256.authenticate(Array(stringToSign.utf8), key: key))
    }

    private var stringToSign: String {
        let hash = Hexadecimal.encode(SHA256.hash(Array(canonicalRequest.utf8)))
        return ["AWS4-HMAC-SHA256", timestamp, scope.text, hash].joined(separator: "\n")
    }

    private var canonicalRequest: String {
        let headers = scope.signedHeaders.map { "\($0):\(Self.trim(request.headers[$0] ?? ""))\n" }.joined()
        return [
            request.method, canonicalPath, canonicalQuery, headers, scope.signedHeaders.joined(separator: ";"),
            payloadHash,
        ].joined(separator: "\n")
    }

    /// S3 encodes a path once, every other service twice.
    private var canonicalPath: String {
        let once = PercentEncoding.encode(PercentEncoding.decode(request.path), keepsSlash: true)
        return scope.service == "s3" ? once : PercentEncoding.encode(once, keepsSlash: true)
    }

    private var canonicalQuery: String {
        PercentEncoding.pairs(request.query, plusIsBlank: false)
            .map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
            .sorted { $0 < $1 }
            .map { "\($0.0)=\($0.1)" }
            .joined(separator: "&")
    }

    private static func trim(_ value: String) -> String {
        value.split(separator: " ").joined(separator: " ")
    }
}
