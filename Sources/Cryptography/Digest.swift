internal import COpenSSL

/// A digest algorithm, fetched once, because fetching costs more than a short hash.
///
/// `@unchecked Sendable` because an `EVP_MD` never changes once it is fetched.
@safe final class DigestAlgorithm: @unchecked Sendable {
    static let sha256 = DigestAlgorithm(name: "SHA256")
    static let sha1 = DigestAlgorithm(name: "SHA1")

    fileprivate let method: OpaquePointer

    private init(name: String) {
        OpenSSLLibrary.prepare()
        guard let method = unsafe EVP_MD_fetch(nil, name, nil) else {
            preconditionFailure("OpenSSL has no \(name): \(OpenSSLError.takeLast())")
        }
        unsafe self.method = unsafe method
    }

    func hash(_ bytes: [UInt8]) -> [UInt8] {
        let context = DigestContext(self)
        context.update(bytes)
        return context.finish()
    }
}

/// A hash in progress.
///
/// OpenSSL fails here only when memory is exhausted, which ends a Swift process in any case.
@safe final class DigestContext {
    private let context: OpaquePointer

    init(_ algorithm: DigestAlgorithm) {
        unsafe context = unsafe Self.allocate()
        precondition(unsafe EVP_DigestInit_ex2(context, algorithm.method, nil) == 1, "EVP_DigestInit_ex2")
    }

    init(copying other: DigestContext) {
        unsafe context = unsafe Self.allocate()
        precondition(unsafe EVP_MD_CTX_copy_ex(context, other.context) == 1, "EVP_MD_CTX_copy_ex")
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    /// Resets the context, with nothing hashed.
    func restart(_ algorithm: DigestAlgorithm) {
        precondition(unsafe EVP_DigestInit_ex2(context, algorithm.method, nil) == 1, "EVP_DigestInit_ex2")
    }

    func update(_ bytes: [UInt8]) {
        precondition(unsafe EVP_DigestUpdate(context, bytes, bytes.count) == 1, "EVP_DigestUpdate")
    }

    /// The bytes of the longest hash.
    static let maximumLength = Int(EVP_MAX_MD_SIZE)

    /// Writes the hash to the start of `bytes`, which hold at least `maximumLength`, and returns its length.
    func finish(into bytes: inout [UInt8]) -> Int {
        precondition(bytes.count >= Self.maximumLength, "no room for a hash")
        var length: UInt32 = 0
        precondition(unsafe EVP_DigestFinal_ex(context, &bytes, &length) == 1, "EVP_DigestFinal_ex")
        return Int(length)
    }

    /// The hash; call `restart` before using the context again.
    func finish() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            var length: UInt32 = 0
            precondition(unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, &length) == 1, "EVP_DigestFinal_ex")
            count = Int(length)
        }
    }

    private static func allocate() -> OpaquePointer {
        guard let context = unsafe EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
        return unsafe context
    }
}
