import JSON
import Testing

@Suite struct JSONNumberTests {
    @Test(arguments: [
        ("0", 0.0), ("-0", -0.0), ("0.1", 0.1), ("-0.001", -0.001), ("9.8", 9.8), ("1707925713.123", 1_707_925_713.123),
        ("1e3", 1e3), ("1E+2", 1e2), ("12.5e-1", 1.25),
        ("123456789012345678901234567890", 123456789012345678901234567890.0),
        ("0.30000000000000004", 0.1 + 0.2), ("1.7976931348623157e308", Double.greatestFiniteMagnitude),
        ("5e-324", Double.leastNonzeroMagnitude),
        ("1e-400", 0.0), ("999999999999999", 999_999_999_999_999.0), ("0.000000000000001", 1e-15),
    ])
    func `Reads doubles exactly rounded`(_ text: String, _ expected: Double) throws {
        let value = try JSONCursor.parse(Array(text.utf8)) { try $0.readDouble() }
        #expect(value == expected)
        #expect(value.sign == expected.sign)
    }

    @Test(arguments: [
        "01", "-01", "00", "1.", "1.e1", "-", "- 1", "1e", "1e+", "1e1.5", "0x10", "1_000", "--1", "1..2",
    ])
    func `Refuses what JSON's grammar does not call a number`(_ text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONCursor.parse(Array(text.utf8)) { try $0.readDouble() } }
        #expect(throws: JSONSyntaxError.self) { try skipping(Array(text.utf8)) }
    }

    @Test(arguments: ["1e309", "-1e309", "1e99999999999999999999"])
    func `Refuses numbers beyond Double's range`(_ text: String) {
        #expect(throws: JSONSyntaxError(offset: 0, problem: .numberOutOfRange)) {
            try JSONCursor.parse(Array(text.utf8)) { try $0.readDouble() }
        }
    }

    @Test(arguments: [("0", 0), ("-17", -17), ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min)])
    func `Reads integers`(_ text: String, _ expected: Int) throws {
        #expect(try JSONCursor.parse(Array(text.utf8)) { try $0.readInt() } == expected)
    }

    @Test(arguments: ["9223372036854775808", "-9223372036854775809", "1.0", "1e2", "0.5"])
    func `Refuses what is no integer of the machine's`(_ text: String) {
        #expect(throws: JSONSyntaxError(offset: 0, problem: .numberOutOfRange)) {
            try JSONCursor.parse(Array(text.utf8)) { try $0.readInt() }
        }
    }
}
