/// Random numbers that come again with the same seed (splitmix64), so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    /// What texts are made of.
    enum Alphabet: String {
        case secret = "ABCxyz0189+/="
        case header = "abcXYZ019-_;, \t"
        case any = "aZ09-._~ %+&=/?#:@!$'()*[],;\"<>\\^`{|}äßሴ€😀"
    }

    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func text(from alphabet: Alphabet, _ lengths: ClosedRange<Int>) -> String {
        let characters = Array(alphabet.rawValue)
        return String(
            (0..<Int.random(in: lengths, using: &self)).map { _ in
                characters[Int.random(in: 0..<characters.count, using: &self)]
            }
        )
    }
}
