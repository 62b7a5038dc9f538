import Domain
import HTTPTransport
import JSON
import Notifications
import Support
import Synchronization
import Testing

/// An outbox in memory.
final class Shelf: Outbox {
    struct State {
        var messages: [OutboxMessage] = []
        var delivered: [String] = []
        var refused: [String] = []
        /// Markers that cannot be written, one each.
        var failures: [any Error] = []
    }

    struct Unreachable: Classified {
        var disposition: Disposition { .serverFault }
    }

    let state: Mutex<State> = Mutex(State())

    init(_ messages: [OutboxMessage]) { state.withLock { $0.messages = messages } }

    func pending() -> [OutboxEntry] {
        state.withLock { $0.messages.map { OutboxEntry(id: $0.id, at: $0.at, room: $0.room) } }
    }
    func add(_ message: OutboxMessage) { state.withLock { $0.messages.append(message) } }
    func message(_ id: String) -> OutboxMessage? { state.withLock { $0.messages.first { $0.id == id } } }
    func verifyLeadership() {}
    func didDeliver(_ message: OutboxMessage) throws {
        try state.withLock { state in
            if !state.failures.isEmpty { throw state.failures.removeFirst() }
            state.messages.removeAll { $0.id == message.id }
            state.delivered.append(message.id)
        }
    }
    func setAside(_ message: OutboxMessage) {
        state.withLock { state in
            state.messages.removeAll { $0.id == message.id }
            state.refused.append(message.id)
        }
    }
    func replace(_ message: OutboxMessage, by pieces: [OutboxMessage]) {
        state.withLock { state in
            state.messages.removeAll { $0.id == message.id }
            state.messages = (state.messages + pieces).sorted { $0.id < $1.id }
        }
    }
}

/// A chat that answers by a script, then 200, and keeps what it accepted.
private final class ScriptedChat: Sendable {
    struct State {
        var answers: [HTTPResponse] = []
        var requests: [HTTPRequest] = []
        var accepted: [HTTPRequest] = []
        var slept: [Duration] = []
    }

    let state = Mutex(State())
    let answer: @Sendable (HTTPRequest) -> HTTPResponse?

    init(_ answers: [HTTPResponse] = [], _ answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse? = { _ in nil }) {
        self.answer = answer
        state.withLock { $0.answers = answers }
    }

    func client(
        _ configuration: ChatConfiguration = ChatConfiguration(url: "http://hubot/say", token: "s3cret")
    )
        -> ChatClient
    {
        let http = HTTPClient { request in
            self.state.withLock { state in
                state.requests.append(request)
                let scripted = state.answers.isEmpty ? HTTPResponse(status: 200) : state.answers.removeFirst()
                let answer = self.answer(request) ?? scripted
                if (200..<300).contains(answer.status) { state.accepted.append(request) }
                return answer
            }
        }
        return ChatClient(configuration: configuration, http: http)
    }
}

@Suite(.timeLimit(.minutes(10))) struct CourierTests {
    private func message(_ id: String, room: String = "security", sections: Int = 1) -> OutboxMessage {
        let sections = (0..<sections).map { MessageSection(text: "\(id) part \($0)", event: "{\"part\":\($0)}") }
        return OutboxMessage(id: id, at: 5, room: room, sections: sections)
    }

    /// Delivers until `isDone`, and gives what was slept.
    private func deliver(
        _ deliveryState: Shelf,
        _ chat: ScriptedChat,
        muteSchedule: MuteSchedule = MuteSchedule(),
        now: Double = 0,
        until isDone: @escaping (Shelf.State) -> Bool = { $0.messages.isEmpty }
    ) async throws {
        let clock = Mutex(now)
        let shared = Clock(clock)
        let effects = OutboxDispatcherEffects(
            sleep: { duration in
                chat.state.withLock { $0.slept.append(duration) }
                shared.value.withLock { $0 += Double(duration.components.seconds) }
                try await Task.sleep(for: .milliseconds(1))
            },
            now: { shared.value.withLock { $0 } }
        )
        let dispatcher = OutboxDispatcher(
            outbox: deliveryState,
            chat: chat.client(),
            muteSchedule: muteSchedule,
            effects: effects
        )
        let task = Task { try await dispatcher.run() }
        while !deliveryState.state.withLock({ isDone($0) }) { try await Task.sleep(for: .milliseconds(1)) }
        task.cancel()
        _ = await task.result
    }

    private final class Clock: Sendable {
        let value: Mutex<Double>
        init(_ value: consuming Mutex<Double>) { self.value = value }
    }

    private func header(_ name: String, _ request: HTTPRequest?) -> String? {
        request?.headers.first { $0.name == name }?.value
    }

    @Test func `Messages are posted in order, each with its key and the token`() async throws {
        let (deliveryState, chat) = (Shelf(["1", "2", "3"].map { message($0) }), ScriptedChat())
        try await deliver(deliveryState, chat)
        let accepted = chat.state.withLock { $0.accepted }
        #expect(accepted.map { header("Idempotency-Key", $0) } == ["1", "2", "3"])
        #expect(accepted.allSatisfy { $0.url == "http://hubot/say" && !$0.isRepeatable })
        #expect(header("Authorization", accepted.first) == "Bearer s3cret")
        #expect(
            String(decoding: accepted[0].body, as: UTF8.self)
                == #"{"room":"security","message":"1 part 0","event":{"part":0}}"#
        )
    }

    @Test(arguments: [500, 502, 503, 429, 408, 401, 404, 301])
    func `A refusal that says nothing about the message is repeated, in order, with the same key`(
        status: Int
    ) async throws {
        let refusals = Array(repeating: HTTPResponse(status: status), count: 5)
        let (deliveryState, chat) = (Shelf(["1", "2"].map { message($0) }), ScriptedChat(refusals))
        try await deliver(deliveryState, chat)
        let keys = chat.state.withLock { $0.requests.map { header("Idempotency-Key", $0) } }
        #expect(keys == ["1", "1", "1", "1", "1", "1", "2"])
        #expect(deliveryState.state.withLock { $0.delivered } == ["1", "2"])
    }

    @Test func `A message refused for its content is set aside, and those behind it are heard`() async throws {
        let (deliveryState, chat) = (
            Shelf(["1", "2"].map { message($0) }),
            ScriptedChat { self.header("Idempotency-Key", $0) == "1" ? HTTPResponse(status: 400) : nil }
        )
        try await deliver(deliveryState, chat)
        #expect(deliveryState.state.withLock { $0.refused } == ["1"])
        #expect(deliveryState.state.withLock { $0.delivered } == ["2"])
        let keys = chat.state.withLock { $0.requests.map { header("Idempotency-Key", $0) } }
        #expect(keys == ["1", "1", "1", "2", "1"], "once more after another was accepted, and then no more")
    }

    @Test(arguments: 1...41) func `A chat that refuses everything for a while loses nothing`(times: Int) async throws {
        let refusals = Array(repeating: HTTPResponse(status: 400), count: times)
        let (deliveryState, chat) = (Shelf(["1", "2", "3"].map { message($0) }), ScriptedChat(refusals))
        try await deliver(deliveryState, chat)
        #expect(deliveryState.state.withLock { $0.refused }.isEmpty)
        // Only where the chat recovers just when the second is tried, that comes first.
        let order = times > 2 && !times.isMultiple(of: 2) ? ["2", "1", "3"] : ["1", "2", "3"]
        #expect(deliveryState.state.withLock { $0.delivered } == order)
    }

    @Test func `A message that is refused for hours is set aside though no other was accepted`() async throws {
        let (deliveryState, chat) = (Shelf([message("1")]), ScriptedChat { _ in HTTPResponse(status: 422) })
        try await deliver(deliveryState, chat)
        #expect(deliveryState.state.withLock { $0.refused } == ["1"])
        let slept = chat.state.withLock { $0.slept.reduce(0) { $0 + $1.components.seconds } }
        #expect((21_500..<21_800).contains(slept), "six hours, and no more than one wait beyond: \(slept)")
    }

    @Test func `What lies in the outbox unheard of is found by the next look`() async throws {
        let (deliveryState, chat) = (Shelf([message("1")]), ScriptedChat())
        let effects = OutboxDispatcherEffects(sleep: { try await Task.sleep(for: $0) }, now: { 0 })
        let dispatcher = OutboxDispatcher(outbox: deliveryState, chat: chat.client(), effects: effects)
        try await dispatcher.look()
        #expect(await dispatcher.waiting.count == 1, "nobody delivers yet")
        let task = Task { try await dispatcher.run() }
        while !deliveryState.state.withLock({ $0.messages.isEmpty }) { try await Task.sleep(for: .milliseconds(1)) }
        deliveryState.add(message("2"))
        try await dispatcher.look()
        while !deliveryState.state.withLock({ $0.messages.isEmpty }) { try await Task.sleep(for: .milliseconds(1)) }
        task.cancel()
        _ = await task.result
        #expect(deliveryState.state.withLock { $0.delivered } == ["1", "2"])
    }

    @Test func `Retry-After is honoured up to a bound`() async throws {
        let answers = [
            HTTPResponse(status: 503, headers: [("Retry-After", "77")]),
            HTTPResponse(status: 429, headers: [("retry-after", "86400")]),
        ]
        let (deliveryState, chat) = (Shelf([message("1")]), ScriptedChat(answers))
        try await deliver(deliveryState, chat)
        let slept = chat.state.withLock { $0.slept }
        #expect(slept == [.seconds(77), .seconds(900)])
    }

    @Test func `After a 2xx the marker is tried again, and never the message`() async throws {
        let (deliveryState, chat) = (Shelf([message("1")]), ScriptedChat())
        deliveryState.state.withLock { $0.failures = Array(repeating: Shelf.Unreachable(), count: 4) }
        try await deliver(deliveryState, chat)
        #expect(chat.state.withLock { $0.requests.count } == 1)
        #expect(deliveryState.state.withLock { $0.delivered } == ["1"])
    }

    @Test func `Who is stopped during a post still marks what was accepted`() async throws {
        let deliveryState = Shelf([message("1"), message("2")])
        let (posted, reporter) = AsyncStream.makeStream(of: Void.self)
        let http = HTTPClient { _ in
            reporter.yield()
            try await Task.sleep(for: .milliseconds(50))
            return HTTPResponse(status: 200)
        }
        let dispatcher = OutboxDispatcher(
            outbox: deliveryState,
            chat: ChatClient(configuration: ChatConfiguration(url: "http://hubot"), http: http),
            effects: OutboxDispatcherEffects(sleep: { try await Task.sleep(for: $0) }, now: { 0 })
        )
        let task = Task { try await dispatcher.run() }
        for await _ in posted { break }
        task.cancel()
        _ = await task.result
        #expect(deliveryState.state.withLock { $0.delivered } == ["1"])
        #expect(deliveryState.state.withLock { $0.messages.map(\.id) } == ["2"])
    }

    @Test func `A room that is refused holds up no other`() async throws {
        let messages = [message("1", room: "deaf"), message("2", room: "a"), message("3", room: "b")]
        let (deliveryState, chat) = (
            Shelf(messages),
            ScriptedChat {
                String(decoding: $0.body, as: UTF8.self).contains("deaf") ? HTTPResponse(status: 500) : nil
            }
        )
        try await deliver(deliveryState, chat) { Set($0.delivered) == ["2", "3"] }
        #expect(deliveryState.state.withLock { $0.messages.map(\.id) } == ["1"])
    }

    @Test func `What the chat finds too large is divided in the outbox, in order`() async throws {
        let (deliveryState, chat) = (
            Shelf([message("1", sections: 4), message("2")]),
            ScriptedChat { $0.body.count > 100 ? HTTPResponse(status: 413) : nil }
        )
        try await deliver(deliveryState, chat)
        #expect(deliveryState.state.withLock { $0.delivered } == ["1.0.0", "1.0.1", "1.1.0", "1.1.1", "2"])
    }

    @Test func `Nothing is said in quiet hours`() async throws {
        let (deliveryState, chat) = (Shelf([message("1")]), ScriptedChat())
        let quiet = MuteSchedule(hours: MuteSchedule.Span(from: 22 * 60, to: 7 * 60))
        try await deliver(deliveryState, chat, muteSchedule: quiet, now: 6 * 3600 + 3590)
        #expect(chat.state.withLock { $0.slept } == [.seconds(20)])
    }

    @Test(arguments: [
        (ChatFormat.slack, #"{"text":"1 part 0\n\n1 part 1"}"#),
        (
            ChatFormat.webhook,
            #"{"id":"1","room":"security","text":"1 part 0\n\n1 part 1","events":[{"part":0},{"part":1}]}"#
        ),
        (
            ChatFormat.hubot,
            #"{"room":"security","message":"1 part 0\n\n1 part 1","event":{"kind":"several","events":[{"part":0},{"part":1}]}}"#
        ),
    ]) func `Every chat gets what it reads`(format: ChatFormat, body: String) {
        #expect(String(decoding: format.body(of: message("1", sections: 2)), as: UTF8.self) == body)
    }

    @Test func `A room may have an address of its own`() async throws {
        var configuration = ChatConfiguration(format: .slack, url: "http://common")
        configuration.roomURLs = ["payments": "http://own"]
        let chat = ScriptedChat()
        let client = chat.client(configuration)
        for room in ["payments", "security"] { try await client.post(message("1", room: room)) }
        #expect(chat.state.withLock { $0.accepted.map(\.url) } == ["http://own", "http://common"])
    }

    @Test func `No description shows the token or an address`() {
        var configuration = ChatConfiguration(url: "http://hooks/s3cret", token: "s3cret")
        configuration.roomURLs = ["r": "http://hooks/s3cret"]
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!"\(configuration) \(String(reflecting: configuration)) \(dumped)".contains("s3cret"))
    }
}
