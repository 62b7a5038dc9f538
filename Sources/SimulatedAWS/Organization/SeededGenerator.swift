/// SplitMix64: the same seed and name give the same organization on every machine.
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts the stream that `name` distinguishes among those of one seed.
    init(seed: UInt64, _ name: String) {
        state = seed
        for byte in name.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 &+ 0x9E37_79B9 }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True in `share` of all cases, from 0 to 1.
    mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self) < share }

    mutating func text(_ count: Int, from letters: String) -> String {
        let letters = Array(letters.utf8)
        return String(
            decoding: (0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &self)] },
            as: UTF8.self
        )
    }

    /// `sha256:` and 64 hexadecimal digits.
    mutating func digest() -> String { "sha256:" + text(64, from: "0123456789abcdef") }

    /// An element; `fallback` where there is none.
    mutating func pick<Element>(_ elements: [Element], or fallback: Element) -> Element {
        elements.randomElement(using: &self) ?? fallback
    }
}
