internal import COpenSSL

/// The process-wide part of OpenSSL.
package enum OpenSSLLibrary {
    private static let isPrepared = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil) == 1

    /// Keeps OpenSSL from tidying up at exit, while the loop's thread may still be inside it; the first use of OpenSSL in
    /// a process decides, so call this before libcurl or anything else begins.
    package static func prepare() {
        precondition(isPrepared, "OpenSSL cannot be initialised")
    }
}
