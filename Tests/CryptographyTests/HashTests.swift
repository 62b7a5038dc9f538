import Cryptography
import Testing

/// Vectors of FIPS 180-4's examples and of RFC 4231.
@Suite struct HashTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `SHA-256 agrees with FIPS 180-4`(text: String, hash: String) {
        #expect(Hexadecimal.encode(SHA256.hash(Array(text.utf8))) == hash)
    }

    @Test func `A million bytes hash the same in one piece and in many`() {
        let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 1000)
        var hasher = SHA256.Hasher()
        for _ in 0..<1000 { hasher.update(piece) }
        #expect(Hexadecimal.encode(hasher.finish()) == expected)
        #expect(Hexadecimal.encode(SHA256.hash([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))) == expected)
    }

    @Test func `A copied hasher goes its own way`() {
        var first = SHA256.Hasher()
        first.update(Array("ab".utf8))
        var second = first
        first.update(Array("c".utf8))
        second.update(Array("x".utf8))
        #expect(first.finish() == SHA256.hash(Array("abc".utf8)))
        #expect(second.finish() == SHA256.hash(Array("abx".utf8)))
    }

    @Test func `Asking a hasher early does not end it`() {
        var hasher = SHA256.Hasher()
        #expect(hasher.finish() == SHA256.hash([]))
        hasher.update(Array("abc".utf8))
        #expect(hasher.finish() == SHA256.hash(Array("abc".utf8)))
    }

    @Test(arguments: [
        ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ])
    func `SHA-1 agrees with FIPS 180-4`(text: String, hash: String) {
        #expect(Hexadecimal.encode(SHA1.hash(Array(text.utf8))) == hash)
    }

    @Test func `Hexadecimal digits are lower case and keep leading zeros`() {
        #expect(Hexadecimal.encode([0x00, 0x0f, 0xa0, 0xff]) == "000fa0ff")
        #expect(Hexadecimal.encode([]).isEmpty)
    }

    @Test func `Threads may hash at the same time`() async {
        let hashes = await withTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<200 {
                group.addTask { HMACSHA256.authenticate(Array("message".utf8), key: Array("key".utf8)) }
            }
            return await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(hashes.map(Hexadecimal.encode) == ["6e9ef29b75fffc5b7abae527d58fdadb2fe42e7219011976917343065f58ed4a"])
    }

    @Test func `One context hashes one text after the other`() {
        let hashing = SHA256.Repeated()
        for count in [0, 1, 63, 64, 65, 1000, 0] {
            let bytes = [UInt8](repeating: 7, count: count)
            var text = [UInt8](repeating: UInt8(ascii: "-"), count: 66)
            hashing.writeDigits(of: bytes, to: &text, at: 1)
            #expect(String(decoding: text, as: UTF8.self) == "-\(Hexadecimal.encode(SHA256.hash(bytes)))-")
        }
    }
}
