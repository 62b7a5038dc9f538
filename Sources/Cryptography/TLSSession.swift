internal import COpenSSL

/// The client's side of one TLS connection, without its socket: ciphertext in gives plaintext out, and the reverse.
///
/// The socket's owner passes received bytes to `receive` and, after every call, sends the bytes of `takeCiphertext`.
/// OpenSSL keeps one error queue per thread, so each call first clears errors that another connection has left.
@safe package final class TLSSession {
    private let session: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer

    /// Whether the handshake is done and the certificate verified; only then call `send`.
    package private(set) var isEstablished = false
    /// Whether the peer has sent its close notification.
    package private(set) var isEnded = false

    /// Prepares a connection to `host`, a name or a numeric address, which the certificate must show.
    package init(context: TLSContext, host: String) throws(TLSError) {
        ERR_clear_error()
        guard let session = unsafe SSL_new(context.pointer) else { throw .failed(OpenSSLError.takeLast()) }
        guard let incoming = unsafe BIO_new(BIO_s_mem()), let outgoing = unsafe BIO_new(BIO_s_mem()) else {
            preconditionFailure("out of memory")
        }
        unsafe self.session = unsafe session
        unsafe self.incoming = unsafe incoming
        unsafe self.outgoing = unsafe outgoing
        unsafe SSL_set_bio(session, incoming, outgoing)
        unsafe SSL_set_connect_state(session)
        try expect(host)
    }

    deinit {
        unsafe SSL_free(session)
    }

    /// Begins the handshake.
    package func begin() throws(TLSError) {
        try shakeHands()
    }

    /// Decrypts bytes of the peer and appends them to `plaintext`; until it is done, continues the handshake.
    package func receive(_ ciphertext: Span<UInt8>, into plaintext: inout [UInt8]) throws(TLSError) {
        ERR_clear_error()
        let taken = unsafe ciphertext.withUnsafeBufferPointer { bytes in
            unsafe BIO_write(incoming, bytes.baseAddress, Int32(bytes.count))
        }
        guard taken == ciphertext.count else { throw .failed("out of memory") }
        if !isEstablished { try shakeHands() }
        if isEstablished { try read(into: &plaintext) }
    }

    /// Encrypts bytes for the peer.
    package func send(_ plaintext: [UInt8]) throws(TLSError) {
        precondition(isEstablished, "nothing may be sent before the peer has proved who it is")
        guard !plaintext.isEmpty else { return }
        ERR_clear_error()
        var written = 0
        let result = unsafe SSL_write_ex(session, plaintext, plaintext.count, &written)
        guard result == 1, written == plaintext.count else { throw failure(result) }
    }

    /// Queues the close notification for the peer.
    package func end() {
        ERR_clear_error()
        // The result says only whether the peer has closed too, which is not awaited.
        _ = unsafe SSL_shutdown(session)
    }

    /// The bytes that the socket must send now; empty where there are none.
    package func takeCiphertext() -> [UInt8] {
        let pending = unsafe BIO_ctrl_pending(outgoing)
        guard pending > 0 else { return [] }
        return unsafe [UInt8](unsafeUninitializedCapacity: pending) { buffer, count in
            count = max(0, Int(unsafe BIO_read(outgoing, buffer.baseAddress, Int32(pending))))
        }
    }

    // MARK: Steps

    /// Requires a certificate for `host`; a numeric address must be among its IP addresses and is not sent as SNI.
    private func expect(_ host: String) throws(TLSError) {
        let parameters = unsafe SSL_get0_param(session)
        if unsafe X509_VERIFY_PARAM_set1_ip_asc(parameters, host) == 1 { return }
        ERR_clear_error()
        unsafe SSL_set_hostflags(session, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        guard unsafe SSL_set1_host(session, host) == 1, setServerName(host) else {
            throw .failed("\(host) cannot be a host's name: \(OpenSSLError.takeLast())")
        }
    }

    private func setServerName(_ host: String) -> Bool {
        var name = host.utf8CString
        return unsafe name.withUnsafeMutableBufferPointer { name in
            unsafe SSL_ctrl(
                session,
                SSL_CTRL_SET_TLSEXT_HOSTNAME,
                Int(TLSEXT_NAMETYPE_host_name),
                name.baseAddress
            ) == 1
        }
    }

    private func shakeHands() throws(TLSError) {
        ERR_clear_error()
        let result = unsafe SSL_do_handshake(session)
        if result == 1 {
            isEstablished = true
        } else if unsafe SSL_get_error(session, result) != SSL_ERROR_WANT_READ {
            throw failure(result)
        }
    }

    private func read(into plaintext: inout [UInt8]) throws(TLSError) {
        while true {
            ERR_clear_error()
            var result: Int32 = 0
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 16_384) { buffer, count in
                result = unsafe SSL_read_ex(session, buffer.baseAddress, buffer.count, &count)
            }
            plaintext += chunk
            guard result != 1 else { continue }
            switch unsafe SSL_get_error(session, result) {
            case SSL_ERROR_WANT_READ: return
            case SSL_ERROR_ZERO_RETURN:
                isEnded = true
                return
            default: throw failure(result)
            }
        }
    }

    private func failure(_ result: Int32) -> TLSError {
        let verdict = unsafe SSL_get_verify_result(session)
        guard verdict == Int(X509_V_OK) else {
            ERR_clear_error()
            return .untrusted(unsafe String(cString: X509_verify_cert_error_string(verdict)))
        }
        return .failed(OpenSSLError.takeLast())
    }
}
