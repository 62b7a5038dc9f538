import JSON
import Testing

@Suite struct JSONStringTests {
    @Test(arguments: [
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\u20AC\u0000""#, "A\u{E9}\u{20AC}\u{0}"),
        (#""\ud83d\ude00 and \uDBFF\uDFFF""#, "\u{1F600} and \u{10FFFF}"),
        ("\"\u{1F600}\u{7F}\u{2028}\"", "\u{1F600}\u{7F}\u{2028}"),
        (#""""#, ""),
    ])
    func `Reads escapes and plain text`(_ text: String, _ expected: String) throws {
        #expect(try JSONValue(parsing: text) == .string(expected))
        #expect(throws: Never.self) { try skipping(Array(text.utf8)) }
    }

    @Test(arguments: [
        #""\ud83d""#, #""\ude00""#, #""\ud83d\u0041""#, #""\ud83dx\ude00""#, #""\ud83d\n12345""#, #""\ude00\ud83d""#,
        #""\ud83d\ud83d""#,
        #""\x41""#, #""\u00g0""#, #""\u+041""#, #""\u 041""#, #""\U0041""#, #""\'""#, #""\0""#,
    ])
    func `Refuses false escapes and halves of surrogate pairs`(_ text: String) {
        #expect { try JSONValue(parsing: text) } throws: { ($0 as? JSONSyntaxError)?.problem == .invalidEscape }
        #expect { try skipping(Array(text.utf8)) } throws: { ($0 as? JSONSyntaxError)?.problem == .invalidEscape }
    }

    @Test(arguments: [UInt8(0), 0x09, 0x0A, 0x1F]) func `Refuses bare control characters`(_ byte: UInt8) {
        let bytes: [UInt8] = [0x22, 0x61, byte, 0x22]
        #expect(throws: JSONSyntaxError(offset: 2, problem: .controlCharacter)) { try JSONValue(parsing: bytes) }
    }

    @Test(
        "Refuses bytes that are not UTF-8",
        arguments: [
            [0x80], [0xC0, 0x80], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
            [0xF0, 0x82, 0x82, 0xAC], [0xF4, 0x90, 0x80, 0x80],
        ] as [[UInt8]]
    )
    func refusesInvalidUTF8(_ content: [UInt8]) {
        for prefix in [[], Array(#"\n"#.utf8)] {
            let bytes = [0x22] + prefix + content + [0x22]
            #expect(throws: JSONSyntaxError(offset: 1, problem: .invalidUTF8)) { try JSONValue(parsing: bytes) }
            #expect(throws: JSONSyntaxError(offset: 1, problem: .invalidUTF8)) { try skipping(bytes) }
        }
    }

    @Test func `Refuses bytes that are not UTF-8 in a member's name`() {
        #expect(throws: JSONSyntaxError.self) { try skipping([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]) }
    }
}
