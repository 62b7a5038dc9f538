internal import CCurl
internal import CCurlShims
internal import Glibc

/// One easy handle and the memory that libcurl writes to during its transfer, used for one transfer after the other.
@safe final class CurlEasy {
    let handle: UnsafeMutableRawPointer
    private let answer: UnsafeMutablePointer<scanfleet_curl_answer>
    private let body: UnsafeMutablePointer<scanfleet_curl_body>
    private let headers: UnsafeMutablePointer<scanfleet_curl_headers>
    private let errorText: UnsafeMutablePointer<CChar>
    /// The options that the handle has now: libcurl copies every text it is given, so only changed ones are set again.
    private var known = Known()

    /// Whether the environment names a proxy at all; if not, libcurl is spared reading several variables per transfer.
    private let mayUseProxies: Bool

    private struct Known {
        var url: String?
        var method: String?
        var connectTimeout: Duration?
        var timeout: Duration?
        var bypassesProxies = false
        var acceptsGzip = false
    }

    init(_ configuration: CurlConfiguration) throws(HTTPTransportError) {
        guard let handle = unsafe curl_easy_init() else { throw .connection("out of memory") }
        unsafe self.handle = handle
        unsafe answer = .allocate(capacity: 1)
        unsafe answer.initialize(to: scanfleet_curl_answer())
        unsafe body = .allocate(capacity: 1)
        unsafe body.initialize(to: scanfleet_curl_body())
        unsafe headers = .allocate(capacity: 1)
        unsafe headers.initialize(to: scanfleet_curl_headers())
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        let variables = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
        mayUseProxies = variables.contains { (name: String) in unsafe getenv(name) != nil }
        try setConstants(configuration)
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe scanfleet_curl_free_answer(answer)
        unsafe scanfleet_curl_free_head(answer)
        unsafe answer.deallocate()
        unsafe scanfleet_curl_free_body(body)
        unsafe body.deallocate()
        unsafe scanfleet_curl_free_headers(headers)
        unsafe headers.deallocate()
        unsafe errorText.deallocate()
    }

    /// Prepares a new or recycled handle for a request; libcurl returns `tag` when the transfer is done.
    func prepare(_ request: HTTPRequest, tag: UInt64) throws(HTTPTransportError) {
        unsafe errorText.pointee = 0
        try setRoute(request)
        try setBody(request)
        try setHeaders(request.headers)
        try setLimits(request)
        try unsafe check(scanfleet_curl_set_tag(handle, tag))
    }

    /// Drops the finished transfer's data and frees its memory; the handle can be used again.
    func recycle() {
        unsafe scanfleet_curl_clear_headers(headers)
        unsafe scanfleet_curl_forget_body(body)
        unsafe scanfleet_curl_free_answer(answer)
    }

    /// The answer or the error of a finished transfer.
    func result(_ code: CURLcode) -> Result<HTTPResponse, any Error> {
        guard code == CURLE_OK else { return .failure(failure(code)) }
        guard unsafe answer.pointee.is_head_complete else {
            return .failure(HTTPTransportError.connection("the answer ended among its headers"))
        }
        var status = 0
        // Fails only for an option of another type.
        _ = unsafe scanfleet_curl_response_code(handle, &status)
        let body = unsafe UnsafeRawBufferPointer(start: answer.pointee.bytes, count: answer.pointee.count)
        let head = unsafe UnsafeRawBufferPointer(start: answer.pointee.head, count: answer.pointee.head_count)
        let received = unsafe HTTPHead(Array(head), mayBeDecompressed: known.acceptsGzip)
        return unsafe .success(HTTPResponse(status: status, head: received, body: Array(body)))
    }

    private func failure(_ code: CURLcode) -> HTTPTransportError {
        guard unsafe !answer.pointee.is_too_large else {
            return unsafe .responseTooLarge(limit: answer.pointee.limit)
        }
        let detail = unsafe String(cString: errorText)
        let text = detail.isEmpty ? unsafe String(cString: curl_easy_strerror(code)) : detail
        return HTTPTransportError(code, text: text)
    }
}

// MARK: Options that no request changes

extension CurlEasy {
    private static let dnsCacheSeconds = 60

    private func setConstants(_ configuration: CurlConfiguration) throws(HTTPTransportError) {
        try unsafe check(scanfleet_curl_set_no_signal(handle))
        switch configuration.version {
        case .http1: try unsafe check(scanfleet_curl_set_http_1_1(handle))
        case .http2: try unsafe check(scanfleet_curl_set_http_2(handle))
        }
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
}

// MARK: Options of a request

extension CurlEasy {
    private func setRoute(_ request: HTTPRequest) throws(HTTPTransportError) {
        if known.url != request.url {
            try unsafe check(scanfleet_curl_set_url(handle, request.url))
            known.url = request.url
        }
        let bypassesProxies = request.bypassesProxies || !mayUseProxies
        if known.bypassesProxies != bypassesProxies {
            try unsafe check(scanfleet_curl_set_proxies(handle, bypassesProxies))
            known.bypassesProxies = bypassesProxies
        }
        if known.acceptsGzip != request.acceptsGzip {
            try unsafe check(scanfleet_curl_set_gzip(handle, request.acceptsGzip))
            known.acceptsGzip = request.acceptsGzip
        }
    }

    private func setBody(_ request: HTTPRequest) throws(HTTPTransportError) {
        if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
            try unsafe check(
                scanfleet_curl_set_body(handle, body, request.body, request.body.count, request.isRepeatable)
            )
        } else if request.method == "HEAD" {
            try unsafe check(scanfleet_curl_set_head(handle))
        } else {
            try unsafe check(scanfleet_curl_set_no_body(handle))
        }
        guard known.method != request.method else { return }
        try unsafe check(scanfleet_curl_set_method(handle, request.method))
        known.method = request.method
    }

    private func setHeaders(_ given: [(name: String, value: String)]) throws(HTTPTransportError) {
        unsafe scanfleet_curl_clear_headers(headers)
        for (name, value) in given {
            // libcurl counts the body itself, and a wrong count would hang both sides.
            guard !name.utf8.equalsIgnoringCase("Content-Length".utf8) else { continue }
            // A semicolon is libcurl's way to send a header that has no value.
            let isBlank = value.utf8.allBytes { $0 == 0x20 || $0 == 0x09 }
            try appendHeader(name, isBlank ? ";" : ": ", isBlank ? "" : value)
        }
        // libcurl's own headers that the request does not set; a line without a value suppresses one.
        for own in ["Accept", "Content-Type", "Expect"] {
            let isGiven = given.contains { $0.name.utf8.equalsIgnoringCase(own.utf8) }
            if !isGiven { try appendHeader(own, ":", "") }
        }
        try unsafe check(scanfleet_curl_set_headers(handle, headers))
    }

    private func appendHeader(_ name: String, _ separator: String, _ value: String) throws(HTTPTransportError) {
        try appendToHeader(name.utf8.span)
        try appendToHeader(separator.utf8.span)
        try appendToHeader(value.utf8.span)
        unsafe scanfleet_curl_end_header(headers)
    }

    /// Passes the bytes in place; a `String` passed to C would first be copied into an array.
    private func appendToHeader(_ text: Span<UInt8>) throws(HTTPTransportError) {
        let isAppended = unsafe text.withUnsafeBufferPointer { bytes in
            unsafe scanfleet_curl_append_to_header(headers, bytes.baseAddress, bytes.count)
        }
        guard isAppended else { throw .connection("out of memory") }
    }

    private func setLimits(_ request: HTTPRequest) throws(HTTPTransportError) {
        if known.connectTimeout != request.connectTimeout {
            try unsafe check(scanfleet_curl_set_connect_timeout_ms(handle, request.connectTimeout.curlMilliseconds))
            known.connectTimeout = request.connectTimeout
        }
        if known.timeout != request.timeout {
            try unsafe check(scanfleet_curl_set_timeout_ms(handle, request.timeout.curlMilliseconds))
            known.timeout = request.timeout
        }
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
