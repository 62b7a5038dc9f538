internal import COpenSSL

/// HMAC (RFC 2104) with SHA-256.
package enum HMACSHA256 {
    /// The 32 bytes that authenticate `message` under `key`, which may have any length.
    package static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        KeylessMAC.sha256.authenticate(message, key: key)
    }

    /// Authenticates many messages under one key, whose schedule is computed once.
    @safe package final class Keyed {
        private let context: OpaquePointer
        private var mac = [UInt8](repeating: 0, count: DigestContext.maximumLength)

        /// Takes a key of any length.
        package init(key: [UInt8]) {
            unsafe context = unsafe KeylessMAC.sha256.context(key: key)
        }

        deinit { unsafe EVP_MAC_CTX_free(context) }

        /// Writes the 64 hexadecimal digits of the HMAC into `text` from index `place`, over the bytes there.
        package func writeDigits(of message: [UInt8], to text: inout [UInt8], at place: Int) {
            // A nil key keeps the previous one.
            precondition(unsafe EVP_MAC_init(context, nil, 0, nil) == 1, "EVP_MAC_init")
            precondition(unsafe EVP_MAC_update(context, message, message.count) == 1, "EVP_MAC_update")
            var count = 0
            precondition(unsafe EVP_MAC_final(context, &mac, &count, mac.count) == 1, "EVP_MAC_final")
            Hexadecimal.write(mac, count, to: &text, at: place)
        }
    }
}

/// A MAC context that knows its digest but no key.
///
/// Every use starts with a copy of it: choosing the digest by name costs more than a short message's HMAC.
///
/// `@unchecked Sendable` because the context is only ever copied once it is made.
@safe private final class KeylessMAC: @unchecked Sendable {
    static let sha256 = KeylessMAC(digest: "SHA256")

    private let template: OpaquePointer

    private init(digest: String) {
        OpenSSLLibrary.prepare()
        guard let method = unsafe EVP_MAC_fetch(nil, OSSL_MAC_NAME_HMAC, nil),
            let template = unsafe EVP_MAC_CTX_new(method)
        else { preconditionFailure("OpenSSL has no HMAC: \(OpenSSLError.takeLast())") }
        unsafe EVP_MAC_free(method)
        unsafe self.template = unsafe template
        var name = digest.utf8CString
        // The parameter stores both addresses; a literal's temporary buffer would be freed when the call returns.
        let isSet = unsafe name.withUnsafeMutableBufferPointer { name in
            unsafe OSSL_MAC_PARAM_DIGEST.withCString { key in
                var parameters = unsafe [
                    OSSL_PARAM_construct_utf8_string(key, name.baseAddress, 0), OSSL_PARAM_construct_end(),
                ]
                return unsafe EVP_MAC_CTX_set_params(template, &parameters)
            }
        }
        precondition(isSet == 1, "OpenSSL has no \(digest)")
    }

    func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        let context = unsafe context(key: key)
        defer { unsafe EVP_MAC_CTX_free(context) }
        precondition(unsafe EVP_MAC_update(context, message, message.count) == 1, "EVP_MAC_update")
        return unsafe [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            precondition(
                unsafe EVP_MAC_final(context, buffer.baseAddress, &count, buffer.count) == 1,
                "EVP_MAC_final"
            )
        }
    }

    /// A context of the caller's that is ready to authenticate under `key`.
    func context(key: [UInt8]) -> OpaquePointer {
        guard let context = unsafe EVP_MAC_CTX_dup(template) else { preconditionFailure("out of memory") }
        precondition(unsafe Self.start(context, key: key) == 1, "EVP_MAC_init")
        return unsafe context
    }

    /// An empty array may have a nil address, which OpenSSL reads as "keep the previous key".
    private static func start(_ context: OpaquePointer, key: [UInt8]) -> Int32 {
        guard key.isEmpty else { return unsafe EVP_MAC_init(context, key, key.count, nil) }
        return unsafe EVP_MAC_init(context, [0], 0, nil)
    }
}
