/// SHA-1, by which Redis names its scripts; it protects nothing.
package enum SHA1 {
    /// The 20 bytes of the hash.
    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        DigestAlgorithm.sha1.hash(bytes)
    }
}
