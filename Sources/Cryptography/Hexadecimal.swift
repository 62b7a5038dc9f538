/// Bytes as text, two digits each.
package enum Hexadecimal {
    /// Lower-case digits, as AWS and Redis write them.
    package static func encode(_ bytes: [UInt8]) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(bytes.count * 2)
        append(bytes, to: &digits)
        return String(decoding: digits, as: UTF8.self)
    }

    /// Appends the digits, as ASCII, to `text`.
    package static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        for byte in bytes {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 0xF))
        }
    }

    /// Writes the digits of the first `count` bytes into `text` from index `place`, over the bytes there.
    static func write(_ bytes: [UInt8], _ count: Int, to text: inout [UInt8], at place: Int) {
        for index in 0..<count {
            text[place + 2 * index] = digit(bytes[index] >> 4)
            text[place + 2 * index + 1] = digit(bytes[index] & 0xF)
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
