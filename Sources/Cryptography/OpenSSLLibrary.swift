internal import COpenSSL

/// The process-wide part of OpenSSL.
package enum OpenSSLLibrary {
    private static let isPrepared = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil) == 1

    /// Turns off OpenSSL's clean-up at exit, which would run while the loop's thread may still use it.
    ///
    /// Only the first use of OpenSSL in a process can do so: call this before libcurl or anything else starts.
    package static func prepare() {
        precondition(isPrepared, "OpenSSL cannot be initialised")
    }
}
