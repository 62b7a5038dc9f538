import Cryptography
import Testing

/// RFC 4231's test cases.
@Suite struct HMACTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        var name: String
        var key: [UInt8]
        var message: [UInt8]
        var code: String
        var testDescription: String { name }
    }

    static let vectors = [
        Vector(
            name: "a short key",
            key: [UInt8](repeating: 0x0b, count: 20),
            message: Array("Hi There".utf8),
            code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        Vector(
            name: "a key shorter than the hash",
            key: Array("Jefe".utf8),
            message: Array("what do ya want for nothing?".utf8),
            code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        Vector(
            name: "bytes that are no text",
            key: [UInt8](repeating: 0xaa, count: 20),
            message: [UInt8](repeating: 0xdd, count: 50),
            code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        Vector(
            name: "a key longer than a block",
            key: [UInt8](repeating: 0xaa, count: 131),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            code: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ]

    @Test(arguments: vectors) func `HMAC-SHA-256 agrees with RFC 4231`(vector: Vector) {
        #expect(Hexadecimal.encode(HMACSHA256.authenticate(vector.message, key: vector.key)) == vector.code)
    }

    @Test(arguments: vectors) func `A key's schedule serves for one message after the other`(vector: Vector) {
        let keyed = HMACSHA256.Keyed(key: vector.key)
        for message in [[], vector.message, [1, 2, 3], vector.message] {
            var text = [UInt8](repeating: UInt8(ascii: "-"), count: 66)
            keyed.writeDigits(of: message, to: &text, at: 1)
            let expected = Hexadecimal.encode(HMACSHA256.authenticate(message, key: vector.key))
            #expect(String(decoding: text, as: UTF8.self) == "-\(expected)-")
        }
    }

    @Test func `An empty key is a key of its own, not the one before`() {
        _ = HMACSHA256.authenticate([], key: Array("another".utf8))
        #expect(
            Hexadecimal.encode(HMACSHA256.authenticate([], key: []))
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        )
    }
}
