import Cryptography
import TestSupport
import Testing

/// The handshake itself is tested against a server in RedisTests.
@Suite struct TLSTests {
    @Test func `A session begins with a hello that names the host`() throws {
        let session = try TLSSession(context: TLSContext(), host: "redis.example")
        try session.begin()
        let hello = session.takeCiphertext()
        #expect(hello.first == 0x16)
        #expect(String(decoding: hello, as: UTF8.self).contains("redis.example"))
        #expect(!session.isEstablished)
        #expect(session.takeCiphertext().isEmpty)
    }

    @Test func `A numeric address is not sent as a name`() throws {
        let session = try TLSSession(context: TLSContext(), host: "192.0.2.7")
        try session.begin()
        #expect(!String(decoding: session.takeCiphertext(), as: UTF8.self).contains("192.0.2.7"))
    }

    @Test func `An answer that is not TLS is refused`() throws {
        let session = try TLSSession(context: TLSContext(), host: "redis.example")
        try session.begin()
        var plaintext: [UInt8] = []
        let answer = Array("-ERR unknown command\r\n".utf8)
        #expect(throws: TLSError.self) { try session.receive(answer.span, into: &plaintext) }
        #expect(plaintext.isEmpty)
    }

    @Test func `A file without authorities is named`() async throws {
        try await TemporaryDirectory.with { directory in
            let file = try directory.write("no certificate\n", to: "ca.pem")
            let error = #expect(throws: TLSError.self) { try TLSContext(certificateAuthorityFile: file) }
            #expect(error?.description.contains(file) == true)
        }
    }
}
