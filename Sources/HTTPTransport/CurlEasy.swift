internal import CCurl
internal import CCurlShims

/// One easy handle and the memory that libcurl writes to during its transfer, used for one transfer after the other.
@safe final class CurlEasy {
    let handle: UnsafeMutableRawPointer
    private let answer: UnsafeMutablePointer<scanfleet_curl_answer>
    private let singleBody: UnsafeMutablePointer<scanfleet_curl_single_body>
    private let errorText: UnsafeMutablePointer<CChar>
    private var headers: UnsafeMutablePointer<curl_slist>?

    init(_ configuration: CurlConfiguration) throws(HTTPTransportError) {
        guard let handle = unsafe curl_easy_init() else { throw .connection("out of memory") }
        unsafe self.handle = handle
        unsafe answer = .allocate(capacity: 1)
        unsafe answer.initialize(to: scanfleet_curl_answer())
        unsafe singleBody = .allocate(capacity: 1)
        unsafe singleBody.initialize(to: scanfleet_curl_single_body())
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try setConstants(configuration)
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(headers)
        unsafe scanfleet_curl_free_answer(answer)
        unsafe scanfleet_curl_free_head(answer)
        unsafe answer.deallocate()
        unsafe scanfleet_curl_free_single_body(singleBody)
        unsafe singleBody.deallocate()
        unsafe errorText.deallocate()
    }

    /// Makes a handle that is new or recycled ready for a request; `tag` comes back when it is done.
    func prepare(_ request: HTTPRequest, tag: UInt64) throws(HTTPTransportError) {
        unsafe errorText.pointee = 0
        try setMessage(request)
        try setLimits(request)
        try unsafe check(scanfleet_curl_set_tag(handle, tag))
    }

    /// Forgets the transfer and gives its memory back.
    func recycle() {
        // Whatever else a request sets, the next one sets too. Fails only for an option of another type.
        _ = unsafe scanfleet_curl_set_no_body(handle)
        _ = unsafe scanfleet_curl_set_headers(handle, nil)
        unsafe curl_slist_free_all(headers)
        unsafe headers = nil
        unsafe scanfleet_curl_free_single_body(singleBody)
        unsafe scanfleet_curl_free_answer(answer)
    }

    /// What became of a transfer that is done.
    func result(_ code: CURLcode) -> Result<HTTPResponse, any Error> {
        guard code == CURLE_OK else { return .failure(failure(code)) }
        guard unsafe answer.pointee.is_head_complete else {
            return .failure(HTTPTransportError.connection("the answer ended among its headers"))
        }
        var status = 0
        // Fails only for an option of another type.
        _ = unsafe scanfleet_curl_response_code(handle, &status)
        let body = unsafe UnsafeRawBufferPointer(start: answer.pointee.bytes, count: answer.pointee.count)
        return unsafe .success(HTTPResponse(status: status, headers: headersReceived(), body: Array(body)))
    }

    private func failure(_ code: CURLcode) -> HTTPTransportError {
        guard unsafe !answer.pointee.is_too_large else {
            return unsafe .responseTooLarge(limit: answer.pointee.limit)
        }
        let detail = unsafe String(cString: errorText)
        let text = detail.isEmpty ? unsafe String(cString: curl_easy_strerror(code)) : detail
        return HTTPTransportError(code, text: text)
    }

    private func headersReceived() -> [(name: String, value: String)] {
        let head = unsafe UnsafeRawBufferPointer(start: answer.pointee.head, count: answer.pointee.head_count)
        return unsafe HTTPHead.headers(Array(head))
    }
}

// MARK: Options

extension CurlEasy {
    private static let dnsCacheSeconds = 60

    private func setConstants(_ configuration: CurlConfiguration) throws(HTTPTransportError) {
        try unsafe check(scanfleet_curl_set_no_signal(handle))
        try unsafe check(scanfleet_curl_set_http_1_1(handle))
        try unsafe check(scanfleet_curl_set_protocols_http(handle))
        try unsafe check(scanfleet_curl_set_no_redirects(handle))
        try unsafe check(scanfleet_curl_set_path_as_is(handle))
        try unsafe check(scanfleet_curl_set_verify_peer(handle))
        try unsafe check(scanfleet_curl_set_verify_host(handle))
        try unsafe check(scanfleet_curl_set_no_ca_directory(handle))
        if let file = configuration.certificateAuthorityFile {
            try unsafe check(scanfleet_curl_set_ca_file(handle, file))
        }
        try unsafe check(scanfleet_curl_set_tcp_keepalive(handle))
        try unsafe check(scanfleet_curl_set_dns_cache_timeout(handle, Self.dnsCacheSeconds))
        try unsafe check(scanfleet_curl_set_abandon_resolver(handle))
        try unsafe check(scanfleet_curl_set_error_buffer(handle, errorText))
        unsafe answer.pointee.easy = handle
        try unsafe check(scanfleet_curl_set_answer(handle, answer))
    }

    private func setMessage(_ request: HTTPRequest) throws(HTTPTransportError) {
        try unsafe check(scanfleet_curl_set_url(handle, request.url))
        if request.bypassesProxies { try unsafe check(scanfleet_curl_set_no_proxy(handle)) }
        let hasBody = !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method)
        if hasBody && request.isRepeatable {
            try unsafe check(scanfleet_curl_copy_body(handle, request.body, request.body.count))
        } else if hasBody {
            try unsafe check(
                scanfleet_curl_copy_single_body(handle, singleBody, request.body, request.body.count)
            )
        } else if request.method == "HEAD" {
            try unsafe check(scanfleet_curl_set_head(handle))
        }
        try unsafe check(scanfleet_curl_set_method(handle, request.method))
        try setHeaders(request.headers)
    }

    private func setHeaders(_ given: [(name: String, value: String)]) throws(HTTPTransportError) {
        for (name, value) in given {
            // libcurl counts the body itself, and a wrong count would hang both sides.
            guard !name.utf8.equalsIgnoringCase("Content-Length".utf8) else { continue }
            // A semicolon is libcurl's way to send a header that has no value.
            let isBlank = value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            try appendHeader(isBlank ? "\(name);" : "\(name): \(value)")
        }
        // libcurl's own headers that nobody asked for; a line without a value leaves one out.
        for own in ["Accept", "Content-Type", "Expect"] {
            let isGiven = given.contains { $0.name.utf8.equalsIgnoringCase(own.utf8) }
            if !isGiven { try appendHeader(own + ":") }
        }
        try unsafe check(scanfleet_curl_set_headers(handle, headers))
    }

    private func appendHeader(_ line: String) throws(HTTPTransportError) {
        guard let longer = unsafe curl_slist_append(headers, line) else { throw .connection("out of memory") }
        unsafe headers = longer
    }

    private func setLimits(_ request: HTTPRequest) throws(HTTPTransportError) {
        try unsafe check(scanfleet_curl_set_connect_timeout_ms(handle, request.connectTimeout.curlMilliseconds))
        try unsafe check(scanfleet_curl_set_timeout_ms(handle, request.timeout.curlMilliseconds))
        unsafe answer.pointee.limit = max(0, request.maximumResponseBytes)
    }
}

extension Duration {
    /// At least 1, because 0 means "for ever" to libcurl.
    fileprivate var curlMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < 1_000_000 else { return 1_000_000_000 }
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
