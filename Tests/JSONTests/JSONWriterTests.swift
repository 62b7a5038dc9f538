import Foundation
import JSON
import Testing

@Suite struct JSONWriterTests {
    @Test func `Places commas by itself`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("list")
        writer.beginArray()
        writer.number(1)
        writer.beginArray()
        writer.endArray()
        writer.beginObject()
        writer.endObject()
        writer.string("a\"\\\n\u{1}\u{1F}\u{E9}")
        writer.endArray()
        writer.key("half")
        writer.number(0.5)
        writer.key("none")
        writer.number(Double.nan)
        writer.key("yes")
        writer.bool(true)
        writer.endObject()
        let expected = #"{"list":[1,[],{},"a\"\\\n\u0001\u001fé"],"half":0.5,"none":null,"yes":true}"#
        #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    }

    @Test func `Goes on after a drain where it stood`() {
        var writer = JSONWriter()
        var whole: [UInt8] = []
        writer.beginArray()
        for number in 0..<5 {
            writer.number(number)
            whole += writer.drain()
        }
        writer.endArray()
        whole += writer.drain()
        #expect(String(decoding: whole, as: UTF8.self) == "[0,1,2,3,4]")
        #expect(writer.bytes.isEmpty)
    }

    @Test(arguments: 0..<40) func `What is written reads back as the same`(_ seed: UInt64) throws {
        var generator = Seeded(state: seed)
        for _ in 0..<50 {
            let value = JSONValue.random(depth: 5, using: &generator)
            let bytes = value.encoded
            #expect(try JSONValue(parsing: bytes) == value)
            #expect(throws: Never.self) { try skipping(bytes) }
            #expect(throws: Never.self) {
                try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            }
        }
    }

    @Test(arguments: 0..<40)
    func `Reading and skipping agree on damaged documents, and Foundation refuses what both refuse`(
        _ seed: UInt64
    ) {
        var generator = Seeded(state: seed)
        for _ in 0..<200 {
            var bytes = JSONValue.random(depth: 3, using: &generator).encoded
            for _ in 0..<Int.random(in: 1...3, using: &generator) { damage(&bytes, using: &generator) }
            let isRead = accepts { _ = try JSONValue(parsing: bytes) }
            let isSkipped = accepts { try skipping(bytes) }
            // Only a number's range, which skipping does not judge, may tell them apart.
            #expect(isSkipped || !isRead)
            if isRead {
                #expect(
                    accepts { _ = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed) },
                    "\(String(decoding: bytes, as: UTF8.self))"
                )
            }
        }
    }

    private func accepts(_ body: () throws -> Void) -> Bool {
        do {
            try body()
            return true
        } catch {
            return false
        }
    }

    private func damage(_ bytes: inout [UInt8], using generator: inout Seeded) {
        guard let place = bytes.indices.randomElement(using: &generator) else { return }
        let structural = Array("{}[]\",:0-.eE\\u ".utf8)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes.remove(at: place)
        case 1: bytes[place] = .random(in: 0...255, using: &generator)
        case 2: bytes[place] = structural.randomElement(using: &generator) ?? 0
        default: bytes.insert(structural.randomElement(using: &generator) ?? 0, at: place)
        }
    }
}
