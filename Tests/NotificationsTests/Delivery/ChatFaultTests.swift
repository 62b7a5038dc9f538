import Domain
import EventLoop
import HTTPTransport
import Notifications
import Support
import Synchronization
import TestSupport
import Testing

/// The courier over real sockets, before a chat that fails in every way that a server has.
@Suite(.timeLimit(.minutes(10))) struct ChatFaultTests {
    /// What the chat saw: of each request the key, and whether it was answered with a 2xx.
    private final class Log: Sendable {
        struct Entry: Equatable {
            var key: String
            var isAccepted: Bool
        }

        let entries: Mutex<[Entry]> = Mutex([])

        /// Answers the `attempt`s at a key by `steps`, counted from 1, and writes down what becomes of each.
        func answer(
            _ request: ScriptedRequest,
            _ steps: (_ key: String, _ attempt: Int, _ bytes: Int) -> (status: Int, steps: [ScriptedHTTPServer.Step])
        ) -> [ScriptedHTTPServer.Step] {
            entries.withLock { entries in
                let key = request.header("Idempotency-Key") ?? ""
                let attempt = entries.count { $0.key == key } + 1
                let (status, steps) = steps(key, attempt, request.body.count)
                entries.append(Entry(key: key, isAccepted: (200..<300).contains(status)))
                return steps
            }
        }

        func attempts(_ key: String) -> [Bool] {
            entries.withLock { $0.filter { $0.key == key }.map(\.isAccepted) }
        }
    }

    private static func message(_ id: String, room: String, sections: Int = 1) -> OutboxMessage {
        let sections = (0..<sections).map { MessageSection(text: "\(id) part \($0)", event: "{\"part\":\($0)}") }
        return OutboxMessage(id: id, at: 5, room: room, sections: sections)
    }

    /// Delivers everything on `deliveryState` over a socket of its own.
    private static func deliver(_ deliveryState: Shelf, to url: String) async throws {
        var configuration = ChatConfiguration(url: url)
        // Long enough for every answer that comes, however busy the machine is; one attempt waits for the whole of it.
        configuration.timeout = .seconds(5)
        configuration.backoff = Backoff(base: .milliseconds(20), cap: .milliseconds(40))
        let prepared = configuration
        try await EventLoop.with { loop in
            let transport = try CurlTransport(loop: loop, configuration: CurlConfiguration())
            let dispatcher = OutboxDispatcher(
                outbox: deliveryState,
                chat: ChatClient(configuration: prepared, http: transport.client),
                effects: OutboxDispatcherEffects(sleep: { try await loop.sleep(for: $0) }, now: { 0 })
            )
            let delivery = Task { try await dispatcher.run() }
            while !deliveryState.state.withLock({ $0.messages.isEmpty }) { try await loop.sleep(for: .milliseconds(2)) }
            delivery.cancel()
            _ = await delivery.result
            await transport.shutdown()
        }
    }

    @Test func `A chat that takes a message without an answer gets it again, and delays no other room`() async throws {
        let log = Log()
        let script: ScriptedHTTPServer.Script = { request in
            log.answer(request) { key, attempt, _ in
                switch (key, attempt) {
                // The body was read whole: somebody in the room may have seen it.
                case ("1", 1): (0, [.hang])
                case ("1", 2): (0, [.reset])
                case ("1", 3): (0, [.close])
                case ("2", 1...3): (500, [.answer(500)])
                default: (200, [.answer(200)])
                }
            }
        }
        let fine = (4...9).map { Self.message("\($0)", room: "fine") }
        let deliveryState = Shelf(
            [Self.message("1", room: "hung"), Self.message("2", room: "ill"), Self.message("3", room: "hung")] + fine
        )
        try await ScriptedHTTPServer.with(script) { server in try await Self.deliver(deliveryState, to: server.url) }
        #expect(log.attempts("1") == [false, false, false, true])
        #expect(log.attempts("2") == [false, false, false, true])
        for key in 3...9 { #expect(log.attempts("\(key)") == [true], "never again after a 2xx") }
        let accepted = log.entries.withLock { $0.filter(\.isAccepted).map(\.key) }
        #expect(accepted.suffix(2) == ["1", "3"], "the room that hangs keeps its order, and the others came before")
        #expect(accepted.filter { ("4"..."9").contains($0) } == fine.map(\.id))
        #expect(Set(deliveryState.state.withLock { $0.delivered }) == Set((1...9).map(String.init)))
    }

    @Test func `A chat that finds a message too large gets it in parts that it takes`() async throws {
        let log = Log()
        let script: ScriptedHTTPServer.Script = { request in
            log.answer(request) { _, _, bytes in
                bytes > 100 ? (413, [.answer(413)]) : (200, [.answer(200)])
            }
        }
        let deliveryState = Shelf([Self.message("1", room: "r", sections: 4), Self.message("2", room: "r")])
        try await ScriptedHTTPServer.with(script) { server in try await Self.deliver(deliveryState, to: server.url) }
        #expect(deliveryState.state.withLock { $0.delivered } == ["1.0.0", "1.0.1", "1.1.0", "1.1.1", "2"])
        let accepted = log.entries.withLock { $0.filter(\.isAccepted).map(\.key) }
        #expect(accepted == ["1.0.0", "1.0.1", "1.1.0", "1.1.1", "2"])
    }
}
