internal import Cryptography
internal import Domain

/// A fingerprint of everything that a report contains about a registry: equal if nothing differs, in whatever order it
/// was read.
struct RegistryFingerprint: Hashable {
    /// No `SIMD4`: the optimizer misaligns 32-byte values in an async function's frame, and the process aborts.
    private var sum = [UInt64](repeating: 0, count: 4)

    /// How many digits of an image's own fingerprint are kept.
    static let imageDigits = 16

    /// The fingerprint of an empty registry.
    init() {}

    /// Reads `text`; nil if it is no fingerprint.
    init?(_ text: String) {
        guard text.utf8.count == 64 else { return nil }
        for (lane, start) in stride(from: 0, to: 64, by: 16).enumerated() {
            let digits = text.utf8.dropFirst(start).prefix(16)
            guard let value = UInt64(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
            sum[lane] = value
        }
    }

    mutating func add(_ place: ImageReference, fingerprint: String) {
        add("image\n\(place.sortKey)\n\(fingerprint.prefix(Self.imageDigits))")
    }

    mutating func add(_ repository: RepositoryStatus) {
        let numbers = "\(repository.imagesBeyondLimit)\n\(repository.imagesOutOfScope)"
        let obstacle = repository.obstacle.map { "\($0.state.rawValue)\n\($0.reason ?? "")" } ?? ""
        // Nothing is added without an obstacle, so that segments of older versions keep their fingerprint.
        let scan = repository.scanObstacle.map { "\nscan\n\($0.state.rawValue)\n\($0.reason ?? "")" } ?? ""
        add("repository\n\(repository.place.name)\n\(numbers)\n\(obstacle)\(scan)")
    }

    mutating func add(_ other: RegistryFingerprint) {
        for lane in sum.indices { sum[lane] &+= other.sum[lane] }
    }

    /// The fingerprint as 64 hex digits.
    var text: String {
        sum.map { part in
            let digits = String(part, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    private mutating func add(_ item: String) {
        let hash = SHA256.hash(Array(item.utf8))
        for lane in sum.indices { sum[lane] &+= hash[(lane * 8)..<(lane * 8 + 8)].reduce(0) { $0 << 8 | UInt64($1) } }
    }
}
