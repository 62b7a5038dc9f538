internal import Cryptography

/// Decides whether a request was signed by a key that exists, and whose.
struct Authenticator {
    var service: Service
    var request: WireRequest
    /// Seconds since 1970.
    var now: Double

    /// The scope and the caller; the key's session, clock, scope and signature were right.
    func authenticate(with key: (String) -> AccessKey?) throws(ServiceFault) -> (scope: SignatureScope, caller: Caller)
    {
        guard let header = request.headers["authorization"] else { throw missing }
        guard let scope = SignatureScope(header), let timestamp = request.headers["x-amz-date"] else {
            throw ServiceFault("IncompleteSignatureException", "Authorization header requires a complete signature.")
        }
        guard let known = key(scope.accessKeyID), known.token == request.headers["x-amz-security-token"] else {
            throw unknownKey
        }
        if let end = known.expiration, end <= now { throw expired }
        try checkScope(scope)
        try checkClock(timestamp)
        let expected = ExpectedSignature(
            request: request,
            scope: scope,
            timestamp: timestamp,
            payloadHash: try payloadHash()
        )
        guard expected.value(secret: known.secret) == scope.signature else { throw mismatch() }
        return (scope, known.caller)
    }

    private func checkScope(_ scope: SignatureScope) throws(ServiceFault) {
        guard scope.service == service.signingName else {
            throw mismatch("Credential should be scoped to correct service: '\(service.signingName)'.")
        }
        guard service.globalRegion == nil || service.globalRegion == scope.region else {
            throw mismatch("Credential should be scoped to a valid region.")
        }
        let required =
            ["host", "x-amz-date"] + (request.headers["x-amz-security-token"] == nil ? [] : ["x-amz-security-token"])
        guard required.allSatisfy(scope.signedHeaders.contains) else {
            throw mismatch("'\(required.joined(separator: "', '"))' must be signed headers.")
        }
    }

    /// AWS refuses a date more than 15 minutes off.
    private func checkClock(_ timestamp: String) throws(ServiceFault) {
        guard let signed = Timestamp.seconds(basic: timestamp) else {
            throw mismatch("Date must be in ISO-8601 'basic format'.")
        }
        guard abs(signed - now) > 900 else { return }
        if service == .s3 {
            throw ServiceFault(
                "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.",
                status: 403
            )
        }
        throw mismatch(signed < now ? "Signature expired: \(timestamp)" : "Signature not yet current: \(timestamp)")
    }

    private func payloadHash() throws(ServiceFault) -> String {
        let actual = Hexadecimal.encode(SHA256.hash(request.body))
        guard service == .s3 else { return actual }
        guard let declared = request.headers["x-amz-content-sha256"] else {
            throw ServiceFault("InvalidRequest", "Missing required header for this request: x-amz-content-sha256")
        }
        guard declared == actual || declared == "UNSIGNED-PAYLOAD" else {
            throw ServiceFault(
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed."
            )
        }
        return declared
    }
}

/// The same refusal has another name in each protocol.
extension Authenticator {
    private var missing: ServiceFault {
        switch service {
        case .s3: ServiceFault("AccessDenied", "Access Denied", status: 403)
        case .sts: ServiceFault("MissingAuthenticationToken", "Request is missing Authentication Token", status: 403)
        default: ServiceFault("MissingAuthenticationTokenException", "Missing Authentication Token")
        }
    }

    private var unknownKey: ServiceFault {
        switch service {
        case .s3:
            ServiceFault(
                "InvalidAccessKeyId",
                "The AWS Access Key Id you provided does not exist in our records.",
                status: 403
            )
        case .sts:
            ServiceFault("InvalidClientTokenId", "The security token included in the request is invalid.", status: 403)
        default: .unrecognizedClient
        }
    }

    private var expired: ServiceFault {
        switch service {
        case .s3: ServiceFault("ExpiredToken", "The provided token has expired.")
        case .sts: ServiceFault("ExpiredToken", "The security token included in the request is expired", status: 403)
        default: ServiceFault("ExpiredTokenException", "The security token included in the request is expired")
        }
    }

    private func mismatch(_ message: String? = nil) -> ServiceFault {
        let message =
            message
            ?? "The request signature we calculated does not match the signature you provided. "
            + "Check your AWS Secret Access Key and signing method."
        return switch service.format {
        case .json, .restJSON: ServiceFault("InvalidSignatureException", message, status: 403)
        case .query, .restXML: ServiceFault("SignatureDoesNotMatch", message, status: 403)
        }
    }
}

extension ServiceFault {
    /// What an unknown key, and any key in a region that its account has switched off, is answered.
    static var unrecognizedClient: ServiceFault {
        ServiceFault("UnrecognizedClientException", "The security token included in the request is invalid.")
    }
}
