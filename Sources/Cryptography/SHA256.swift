/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    /// The 32 bytes of the hash.
    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        DigestAlgorithm.sha256.hash(bytes)
    }

    /// Hashes what comes in pieces; a copy goes its own way from where it was made.
    package struct Hasher {
        private var context: DigestContext

        /// Begins with nothing hashed.
        package init() {
            context = DigestContext(.sha256)
        }

        /// Appends `bytes` to what is hashed.
        package mutating func update(_ bytes: [UInt8]) {
            if !isKnownUniquelyReferenced(&context) { context = DigestContext(copying: context) }
            context.update(bytes)
        }

        /// The 32 bytes of the hash of everything so far; more may follow.
        package func finish() -> [UInt8] {
            DigestContext(copying: context).finish()
        }
    }
}
