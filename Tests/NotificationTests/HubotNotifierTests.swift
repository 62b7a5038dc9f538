import Domain
import HTTPTransport
import JSON
import Notification
import Retry
import Synchronization
import Testing

/// A Hubot that answers by a script, then 200, and keeps what it accepted.
private final class ScriptedHubot: Sendable {
    struct State {
        var answers: [HTTPResponse] = []
        var requests: [HTTPRequest] = []
        var accepted: [HTTPRequest] = []
        var slept: [Duration] = []
        var limit = Int.max
    }

    let state = Mutex(State())

    init(_ answers: [HTTPResponse] = [], limit: Int = .max) {
        state.withLock { state in
            state.answers = answers
            state.limit = limit
        }
    }

    func notifier(attempts: Int = 3) -> HubotNotifier {
        var configuration = HubotConfiguration(url: "http://hubot/say", room: "security", token: "s3cret")
        configuration.attempts = attempts
        let client = HTTPClient { request in
            self.state.withLock { state in
                state.requests.append(request)
                let answer = state.answers.isEmpty ? HTTPResponse(status: 200) : state.answers.removeFirst()
                if request.body.count > state.limit { return HTTPResponse(status: 413) }
                if (200..<300).contains(answer.status) { state.accepted.append(request) }
                return answer
            }
        }
        return HubotNotifier(configuration: configuration, http: client) { duration in
            self.state.withLock { $0.slept.append(duration) }
        }
    }
}

@Suite struct HubotNotifierTests {
    private let news = HubotMessageTests.news(
        images: (0..<8).map { number in
            HubotMessageTests.image("\(number)", .changed, [.opened(Sample.finding("CVE-\(number)"))])
        }
    )

    private func header(_ name: String, _ request: HTTPRequest?) -> String? {
        request?.headers.first { $0.name == name }?.value
    }

    @Test func `A message is posted with its key and token`() async throws {
        let hubot = ScriptedHubot()
        try await hubot.notifier().deliver(news)
        let request = hubot.state.withLock { $0.accepted.first }
        #expect(request?.url == "http://hubot/say")
        #expect(header("Content-Type", request) == "application/json")
        #expect(header("Authorization", request) == "Bearer s3cret")
        #expect(header("Idempotency-Key", request) == HubotMessage(news, room: "security").idempotencyKey)
    }

    @Test(arguments: [500, 502, 503, 429, 408]) func `A refusal that may pass is repeated with the same key`(
        status: Int
    ) async throws {
        let hubot = ScriptedHubot([HTTPResponse(status: status), HTTPResponse(status: status)])
        try await hubot.notifier().deliver(news)
        let (requests, accepted) = hubot.state.withLock { ($0.requests, $0.accepted) }
        #expect(requests.count == 3)
        #expect(accepted.count == 1)
        #expect(Set(requests.map { header("Idempotency-Key", $0) }).count == 1)
    }

    @Test(arguments: [301, 304, 400, 401, 404]) func `Only a 2xx counts as sent`(status: Int) async throws {
        let hubot = ScriptedHubot([HTTPResponse(status: status)])
        let error = await #expect(throws: HubotError.self) { try await hubot.notifier().deliver(news) }
        #expect(error?.status == status)
        #expect(error?.disposition == .permanent)
        #expect(hubot.state.withLock { $0.requests.count } == 1)
    }

    @Test func `Retry-After is honoured up to a bound`() async throws {
        let asked = [("Retry-After", "7")]
        let hubot = ScriptedHubot([
            HTTPResponse(status: 503, headers: asked), HTTPResponse(status: 429, headers: [("retry-after", "86400")]),
        ])
        try await hubot.notifier().deliver(news)
        let slept = hubot.state.withLock { $0.slept }
        #expect(slept.count == 2)
        #expect(slept.first ?? .zero >= .seconds(7))
        #expect(slept.last == .seconds(60))
    }

    @Test func `What Hubot finds too large is split further`() async throws {
        let whole = HubotMessage(news, room: "security").body.count
        let hubot = ScriptedHubot(limit: whole / 3)
        try await hubot.notifier().deliver(news)
        let accepted = hubot.state.withLock { $0.accepted }
        #expect(accepted.count == 4)
        for number in 0..<8 {
            #expect(accepted.contains { String(decoding: $0.body, as: UTF8.self).contains("\"id\":\"CVE-\(number)\"") })
        }
    }

    @Test func `What is too large and cannot be split is thrown`() async {
        let hubot = ScriptedHubot(limit: 10)
        let error = await #expect(throws: HubotError.self) { try await hubot.notifier().deliver(news) }
        #expect(error?.status == 413)
    }

    @Test func `The next delivery goes on where the last one failed, and a new one begins anew`() async throws {
        let whole = HubotMessage(news, room: "security").body.count
        let hubot = ScriptedHubot(
            [HTTPResponse(status: 200), HTTPResponse(status: 200), HTTPResponse(status: 400)],
            limit: whole * 2 / 3
        )
        let notifier = hubot.notifier()
        // The first answer is overruled by the limit; the second accepts one half; the third refuses the other.
        await #expect(throws: HubotError.self) { try await notifier.deliver(news) }
        #expect(hubot.state.withLock { $0.accepted.count } == 1)
        try await notifier.deliver(news)
        #expect(hubot.state.withLock { $0.accepted.count } == 2)
        try await notifier.deliver(news)
        #expect(hubot.state.withLock { $0.accepted.count } == 4, "told again, it is told whole")
    }

    @Test func `No description shows the token`() {
        let configuration = HubotConfiguration(url: "http://hubot", room: "r", token: "s3cret")
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!"\(configuration) \(String(reflecting: configuration)) \(dumped)".contains("s3cret"))
    }
}
