import JSON
import Testing

@Suite struct JSONCursorTests {
    @Test func `Reads every kind of value in order`() throws {
        let text = #" { "a" : [ 1 , -2.5e3, true , false, null ] , "b":{"c":"d"}, "e":[], "f":{} } "#
        let expected = JSONValue.object([
            .init(name: "a", value: .array([.int(1), .int(-2500), .bool(true), .bool(false), .null])),
            .init(name: "b", value: .object([.init(name: "c", value: .string("d"))])),
            .init(name: "e", value: .array([])),
            .init(name: "f", value: .object([])),
        ])
        #expect(try JSONValue(parsing: text) == expected)
    }

    @Test func `Skips what its caller leaves unread`() throws {
        var names: [String] = []
        let bytes = Array(#"{"unknown":{"deep":[1,{"x":"\u00e9"}]},"name":"n","other":[1,2],"last":null}"#.utf8)
        try JSONCursor.parse(bytes) { cursor in
            try cursor.readObject { key, value in
                if key == "name" { names.append(try value.readString()) }
            }
        }
        #expect(names == ["n"])
    }

    @Test func `Shows members of the same name one after the other`() throws {
        var values: [Int] = []
        try JSONCursor.parse(Array(#"{"a":1,"a":2}"#.utf8)) { cursor in
            try cursor.readObject { _, value in values.append(try value.readInt()) }
        }
        #expect(values == [1, 2])
    }

    @Test func `Tells null from a value`() throws {
        let list = try JSONCursor.parse(Array(#"[null,"x"]"#.utf8)) { cursor in
            try cursor.readList { try $0.readOptional { try $0.readString() } }
        }
        #expect(list == [nil, "x"])
    }

    @Test(arguments: [
        "", " ", "{", "[", "\"", "[1", "[1,", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "tru", "nul", "-", "\"\\",
        "\"\\u12",
        "1.", "1e", "1e+", "\"\\ud83d", "\"\\ud83d\\ude0",
    ])
    func `Calls a document without end unexpectedly ended`(_ text: String) {
        #expect { try JSONValue(parsing: text) } throws: { ($0 as? JSONSyntaxError)?.problem == .unexpectedEnd }
        #expect(throws: JSONSyntaxError.self) { try skipping(Array(text.utf8)) }
    }

    @Test(arguments: [
        "{,}", "[,]", "[1,]", "{\"a\":1,}", "[1 2]", "{\"a\" 1}", "{a:1}", "{'a':1}", "{1:2}", "{\"a\":}",
        "{\"a\":1 \"b\":2}",
        "[1]]", "1 2", "nul1", "nullx", "True", "NaN", "Infinity", "-Infinity", "undefined", "]", "}", ":", "[}", "{]",
        "// c\n1",
        "/**/1", "\u{FEFF}1", "\u{A0}1", "\u{0}", "[1\u{0C}]", "#", "+1", ".5",
    ])
    func `Refuses what is not JSON`(_ text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
        #expect(throws: JSONSyntaxError.self) { try skipping(Array(text.utf8)) }
    }

    @Test func `Allows the named depth and no more`() throws {
        let allowed = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        #expect(try JSONValue(parsing: allowed) != .null)
        for opening in ["[", "{\"a\":"] {
            let tooDeep = Array(String(repeating: opening, count: 100_000).utf8)
            #expect { try JSONValue(parsing: tooDeep) } throws: { ($0 as? JSONSyntaxError)?.problem == .tooDeep }
            #expect { try skipping(tooDeep) } throws: { ($0 as? JSONSyntaxError)?.problem == .tooDeep }
        }
        let siblings = "[" + Array(repeating: "[]", count: 1000).joined(separator: ",") + "]"
        #expect(throws: Never.self) { try JSONValue(parsing: siblings) }
    }

    @Test func `Says where the problem is and what was expected`() {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: #"{"a":1 "b":2}"#) }
        #expect(error?.offset == 7)
        #expect(error?.description == "expected a comma or the end of the object or array at byte 7 of the JSON")
    }

    @Test func `Refuses a value of another kind`() {
        var cursor = JSONCursor(Array("[1]".utf8))
        #expect(throws: JSONSyntaxError(offset: 0, problem: .expected("a string"))) { try cursor.readString() }
        #expect(throws: JSONSyntaxError(offset: 0, problem: .expected("a number"))) { try cursor.readInt() }
        #expect(throws: JSONSyntaxError(offset: 0, problem: .expected("a bool"))) { try cursor.readBool() }
        #expect(throws: JSONSyntaxError(offset: 0, problem: .expected("an object"))) {
            try cursor.readObject { _, _ in }
        }
    }
}

/// Passes over a whole document without making anything of it.
func skipping(_ bytes: [UInt8]) throws {
    try JSONCursor.parse(bytes) { try $0.skip() }
}
