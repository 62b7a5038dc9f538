import HTTPTransport
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct ResponseTests {
    @Test(arguments: [200, 204, 301, 304, 400, 404, 429, 500, 503])
    func `Every status is an answer, and no redirect is followed`(status: Int) async throws {
        let (response, _) = try await exchange(
            script: { _ in [.text("HTTP/1.1 \(status) X\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n")] }
        )
        #expect(response.status == status)
        #expect(response.header("location") == "/other")
    }

    @Test func `Headers keep their order, their spelling and their repetitions`() async throws {
        let head = "HTTP/1.1 200 OK\r\nx-A:  1 \r\nX-B:\r\nx-a: 2\r\nContent-Length: 0\r\n\r\n"
        let (response, _) = try await exchange(script: { _ in [.text(head)] })
        #expect(response.headers.map(\.name) == ["x-A", "X-B", "x-a", "Content-Length"])
        #expect(response.headers.map(\.value) == ["1", "", "2", "0"])
        #expect(response.header("X-A") == "1")
    }

    @Test func `A header is found whatever its neighbours are, with the lines that continue it`() async throws {
        let head =
            "HTTP/1.1 200 OK\r\nx-abc: 1\r\nx-ab: 2\r\nx-long: one\r\n  two\r\nContent-Length: 0\r\nx-end:\r\n\r\n"
        let (response, _) = try await exchange(script: { _ in [.text(head)] })
        #expect(response.header("X-AB") == "2")
        #expect(response.header("x-abc") == "1")
        #expect(response.header("x-long") == "one two")
        #expect(response.header("x-end") == "")
        #expect(response.header("x-a") == nil)
        #expect(response.header("HTTP/1.1 200 OK") == nil)
    }

    @Test func `A chunked body is put together; its trailers are no headers`() async throws {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        let chunks = "5\r\nhello\r\n6\r\n world\r\n0\r\nx-sum: 1\r\n\r\n"
        let (response, _) = try await exchange(script: { _ in [.text(head), .text(chunks)] })
        #expect(response.text == "hello world")
        #expect(response.header("x-sum") == nil)
    }

    @Test func `A body without a length ends with its connection`() async throws {
        let (response, _) = try await exchange(
            script: { _ in [.text("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end"), .close] }
        )
        #expect(response.text == "until the end")
    }

    @Test func `An answer in small pieces is put together`() async throws {
        let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789".utf8)
        let (response, _) = try await exchange(
            script: { _ in bytes.flatMap { [.send([$0]), .pause(.milliseconds(1))] } }
        )
        #expect(response.text == "0123456789")
    }

    @Test func `An interim answer is not the answer`() async throws {
        let (response, _) = try await exchange(
            "PUT",
            body: [1],
            script: { _ in [.text("HTTP/1.1 100 Continue\r\nx-interim: 1\r\n\r\n"), .answer(201, body: "made")] }
        )
        #expect(response.status == 201)
        #expect(response.text == "made")
        #expect(response.header("x-interim") == nil)
    }

    @Test func `Compressed bytes are handed on as they came`() async throws {
        let (response, _) = try await exchange(
            script: { _ in
                [
                    .text("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n"),
                    .send([0x1F, 0x8B, 0x00, 0xFF]),
                ]
            }
        )
        #expect(response.body == [0x1F, 0x8B, 0x00, 0xFF])
        #expect(response.header("content-encoding") == "gzip")
    }

    @Test(arguments: [true, false])
    func `A body of several megabytes arrives byte for byte`(isAnnounced: Bool) async throws {
        let body = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 9) }
        let length = isAnnounced ? "Content-Length: \(body.count)\r\n" : "Connection: close\r\n"
        let (response, _) = try await exchange(
            script: { _ in [.text("HTTP/1.1 200 OK\r\n\(length)\r\n"), .send(body), .close] }
        )
        #expect(response.body == body)
    }
}
