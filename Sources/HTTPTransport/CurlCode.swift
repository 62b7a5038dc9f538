internal import CCurl

extension HTTPTransportError {
    /// Translates a libcurl code; `text` is libcurl's own description of this failure.
    init(_ code: CURLcode, text: String) {
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            self = .timedOut
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            self = .untrustedCertificate(text)
        case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_NOT_BUILT_IN, CURLE_UNKNOWN_OPTION,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM:
            self = .invalidRequest(text)
        default:
            // CURLE_UNSUPPORTED_PROTOCOL too: the scheme was checked before, so it means that the answer is not HTTP.
            self = .connection(text)
        }
    }
}

/// Throws when an option was refused, which a valid request never causes.
func check(_ code: CURLcode) throws(HTTPTransportError) {
    guard code != CURLE_OK else { return }
    throw HTTPTransportError(code, text: unsafe String(cString: curl_easy_strerror(code)))
}

/// Throws when the multi interface fails, which means that memory ran out.
func check(_ code: CURLMcode) throws(HTTPTransportError) {
    guard code != CURLM_OK else { return }
    throw .connection(unsafe String(cString: curl_multi_strerror(code)))
}
