import EventLoop
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct DescriptorTests {
    @Test func `A pipe is readable once something was written, from whatever thread`() async throws {
        let pipe = try Pipe()
        try await EventLoop.with { loop in
            let byte = await withCheckedContinuation { continuation in
                loop.watch(pipe.reading, for: .readable) { ready in
                    #expect(ready == .readable)
                    #expect(loop.isCurrent)
                    loop.unwatch(pipe.reading)
                    continuation.resume(returning: pipe.read())
                }
                Task.detached { pipe.write(7) }
            }
            #expect(byte == 7)
        }
    }

    @Test func `Readiness is reported until it is gone`() async throws {
        let pipe = try Pipe()
        try await EventLoop.with { loop in
            for byte in UInt8(1)...3 { pipe.write(byte) }
            let bytes = Mutex<[UInt8]>([])
            await withCheckedContinuation { continuation in
                loop.watch(pipe.reading, for: .readable) { _ in
                    let count = bytes.withLock { bytes in
                        bytes.append(pipe.read())
                        return bytes.count
                    }
                    guard count == 3 else { return }
                    loop.unwatch(pipe.reading)
                    continuation.resume()
                }
            }
            #expect(bytes.withLock { $0 } == [1, 2, 3])
        }
    }

    @Test func `An empty pipe is writable at once, and a second watch replaces the first`() async throws {
        let pipe = try Pipe()
        try await EventLoop.with { loop in
            await withCheckedContinuation { continuation in
                loop.watch(pipe.writing, for: .writable) { _ in Issue.record("the first handler was replaced") }
                loop.watch(pipe.writing, for: .writable) { ready in
                    #expect(ready == .writable)
                    loop.unwatch(pipe.writing)
                    continuation.resume()
                }
            }
        }
    }

    @Test func `A descriptor that is parked is silent, and is heard of again once it is watched`() async throws {
        let pipe = try Pipe()
        try await EventLoop.with { loop in
            loop.watch(pipe.reading, for: .readable) { _ in Issue.record("it was parked") }
            loop.park(pipe.reading)
            pipe.write(7)
            // The loop hears of the byte meanwhile, once.
            try await loop.sleep(for: .milliseconds(5))
            let byte = await withCheckedContinuation { continuation in
                loop.watch(pipe.reading, for: .readable) { _ in
                    loop.unwatch(pipe.reading)
                    continuation.resume(returning: pipe.read())
                }
            }
            #expect(byte == 7)
        }
    }

    @Test func `A descriptor that was parked and is watched again for something else is`() async throws {
        let pipe = try Pipe()
        try await EventLoop.with { loop in
            loop.watch(pipe.writing, for: .readable) { _ in Issue.record("it was parked") }
            loop.park(pipe.writing)
            await withCheckedContinuation { continuation in
                loop.watch(pipe.writing, for: .writable) { ready in
                    #expect(ready == .writable)
                    loop.unwatch(pipe.writing)
                    continuation.resume()
                }
            }
        }
    }

    @Test func `The other side's end is reported as readiness`() async throws {
        let pipe = try Pipe()
        pipe.closeWriting()
        try await EventLoop.with { loop in
            await withCheckedContinuation { continuation in
                loop.watch(pipe.reading, for: .readable) { ready in
                    #expect(ready.contains(.readable))
                    loop.unwatch(pipe.reading)
                    continuation.resume()
                }
            }
        }
    }

    @Test func `A handler that unwatches its neighbour keeps it from an event already fetched`() async throws {
        let pipes = [try Pipe(), try Pipe()]
        for pipe in pipes { pipe.write(1) }
        try await EventLoop.with { loop in
            let calls = Mutex(0)
            for pipe in pipes {
                loop.watch(pipe.reading, for: .readable) { _ in
                    calls.withLock { $0 += 1 }
                    for pipe in pipes { loop.unwatch(pipe.reading) }
                }
            }
            try await loop.sleep(for: .milliseconds(10))
            #expect(calls.withLock { $0 } == 1)
        }
    }

    @Test func `A descriptor's number may be used again for another file`() async throws {
        try await EventLoop.with { loop in
            for byte in UInt8(1)...5 {
                let pipe = try Pipe()
                pipe.write(byte)
                let read = await withCheckedContinuation { continuation in
                    loop.watch(pipe.reading, for: .readable) { _ in
                        loop.unwatch(pipe.reading)
                        continuation.resume(returning: pipe.read())
                    }
                }
                #expect(read == byte)
            }
        }
    }

    @Test func `Writing to a pipe that nobody reads is an error, not the end of the process`() async throws {
        let pipe = try Pipe()
        pipe.closeReading()
        try await EventLoop.with { _ in
            #expect(pipe.write(1) == -1)
            #expect(errno == EPIPE)
        }
    }
}

/// A pipe that is closed with its last reference.
private final class Pipe: Sendable {
    private struct State {
        var isReadingOpen = true
        var isWritingOpen = true
    }

    let reading: Int32
    let writing: Int32
    private let state = Mutex(State())

    init() throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        closeReading()
        closeWriting()
    }

    func read() -> UInt8 {
        var byte: UInt8 = 0
        Glibc.read(reading, &byte, 1)
        return byte
    }

    @discardableResult
    func write(_ byte: UInt8) -> Int {
        var byte = byte
        return Glibc.write(writing, &byte, 1)
    }

    func closeReading() {
        state.withLock { state in
            if state.isReadingOpen { close(reading) }
            state.isReadingOpen = false
        }
    }

    func closeWriting() {
        state.withLock { state in
            if state.isWritingOpen { close(writing) }
            state.isWritingOpen = false
        }
    }
}
