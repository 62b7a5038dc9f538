extension JSONCursor {
    /// Reads a number; one beyond `Double`'s range is an error, never infinity.
    package mutating func readDouble() throws(JSONSyntaxError) -> Double {
        let number = try scanNumber()
        if let short = number.exactDouble { return short }
        let text = String(decoding: bytes[number.range], as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw JSONSyntaxError(offset: number.start, problem: .numberOutOfRange)
        }
        return value
    }

    /// Reads a number without fraction and exponent that fits an `Int`.
    package mutating func readInt() throws(JSONSyntaxError) -> Int {
        let number = try scanNumber()
        guard number.isInteger, let value = Int(String(decoding: bytes[number.range], as: UTF8.self)) else {
            throw JSONSyntaxError(offset: number.start, problem: .numberOutOfRange)
        }
        return value
    }

    mutating func scanNumber() throws(JSONSyntaxError) -> ScannedNumber {
        let first = try nextByte()
        guard first == UInt8(ascii: "-") || Self.isDigit(first) else { throw problem(.expected("a number")) }
        var number = ScannedNumber(start: index, isNegative: first == UInt8(ascii: "-"))
        if number.isNegative { index += 1 }
        let leadingZero = index < bytes.count && bytes[index] == UInt8(ascii: "0")
        let digits = try scanDigits(into: &number)
        if leadingZero && digits > 1 { throw problem(.invalidNumber) }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            number.isInteger = false
            number.fractionDigits = try scanDigits(into: &number)
        }
        if passes(UInt8(ascii: "e"), or: UInt8(ascii: "E")) {
            number.isInteger = false
            number.hasExponent = true
            _ = passes(UInt8(ascii: "+"), or: UInt8(ascii: "-"))
            _ = try scanDigits(into: &number)
        }
        number.end = index
        return number
    }

    /// Passes at least one digit.
    private mutating func scanDigits(into number: inout ScannedNumber) throws(JSONSyntaxError) -> Int {
        let start = index
        while index < bytes.count, Self.isDigit(bytes[index]) {
            number.append(digit: bytes[index] - UInt8(ascii: "0"))
            index += 1
        }
        if index == start { throw problem(index < bytes.count ? .invalidNumber : .unexpectedEnd) }
        return index - start
    }

    private mutating func passes(_ byte: UInt8, or other: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte || bytes[index] == other else { return false }
        index += 1
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

/// A number whose grammar is checked.
struct ScannedNumber {
    let start: Int
    let isNegative: Bool
    var end = 0
    var isInteger = true
    var hasExponent = false
    var fractionDigits = 0
    private var digits = 0
    private var significand = 0

    init(start: Int, isNegative: Bool) {
        self.start = start
        self.isNegative = isNegative
    }

    var range: Range<Int> { start..<end }

    mutating func append(digit: UInt8) {
        digits += 1
        if digits <= Self.exactDigits { significand = significand * 10 + Int(digit) }
    }

    /// The value where the division of two exact numbers gives it exactly rounded: that needs no general conversion.
    var exactDouble: Double? {
        guard digits <= Self.exactDigits, !hasExponent else { return nil }
        let magnitude = Double(significand) / Self.powersOfTen[fractionDigits]
        return isNegative ? -magnitude : magnitude
    }

    /// Fifteen digits fit the 53 bits of a significand, and so do the powers of ten up to them.
    private static let exactDigits = 15
    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]
}
