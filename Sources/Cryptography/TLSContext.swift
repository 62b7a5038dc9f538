internal import COpenSSL

/// The settings that all TLS connections to one service share: trusted authorities and TLS 1.2 or newer.
///
/// `@unchecked Sendable` because an `SSL_CTX` counts its references atomically and is never changed after `init`.
@safe package final class TLSContext: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Trusts the authorities in a PEM file, or the system's where none is given.
    ///
    /// - Throws: `TLSError.certificateAuthority` where the file gives none.
    package init(certificateAuthorityFile: String? = nil) throws(TLSError) {
        OpenSSLLibrary.prepare()
        ERR_clear_error()
        guard let pointer = unsafe SSL_CTX_new(TLS_client_method()) else { throw .failed(OpenSSLError.takeLast()) }
        unsafe self.pointer = unsafe pointer
        unsafe SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
        unsafe SSL_CTX_ctrl(pointer, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        // Idle connections give their 34 KB of buffers back.
        unsafe SSL_CTX_ctrl(pointer, SSL_CTRL_MODE, Int(SSL_MODE_RELEASE_BUFFERS), nil)
        try trust(certificateAuthorityFile)
    }

    deinit {
        unsafe SSL_CTX_free(pointer)
    }

    private func trust(_ file: String?) throws(TLSError) {
        guard let file else {
            guard unsafe SSL_CTX_set_default_verify_paths(pointer) == 1 else {
                throw .certificateAuthority(file: "the system's store", reason: OpenSSLError.takeLast())
            }
            return
        }
        guard unsafe SSL_CTX_load_verify_file(pointer, file) == 1 else {
            throw .certificateAuthority(file: file, reason: OpenSSLError.takeLast())
        }
    }
}
