internal import COpenSSL

/// OpenSSL's own error text, from this thread's error queue.
enum OpenSSLError {
    /// Empties the queue and returns the newest reason.
    static func takeLast() -> String {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard let reason = unsafe ERR_reason_error_string(code) else { return "error \(code)" }
        return unsafe String(cString: reason)
    }
}
