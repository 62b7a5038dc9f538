/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    /// The 32 bytes of the hash.
    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        DigestAlgorithm.sha256.hash(bytes)
    }

    /// Hashes whole texts one after the other and reuses its memory.
    ///
    /// For a text of some hundred bytes, allocating and freeing a context costs more than the hash.
    package final class Repeated {
        private let context = DigestContext(.sha256)
        private var hash = [UInt8](repeating: 0, count: DigestContext.maximumLength)

        /// Allocates the context and the buffer that every hash reuses.
        package init() {}

        /// Writes the hash's 64 hexadecimal digits into `text` from index `place`, over the bytes there.
        package func writeDigits(of bytes: [UInt8], to text: inout [UInt8], at place: Int) {
            context.restart(.sha256)
            context.update(bytes)
            let count = context.finish(into: &hash)
            Hexadecimal.write(hash, count, to: &text, at: place)
        }
    }

    /// Hashes bytes that come in pieces; a copy continues independently.
    package struct Hasher {
        private var context: DigestContext

        /// Begins with nothing hashed.
        package init() {
            context = DigestContext(.sha256)
        }

        /// Adds `bytes` to the hash.
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
