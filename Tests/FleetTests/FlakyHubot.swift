import Foundation
import Synchronization
import TestSupport

/// A Hubot that fails a fifth of its posts in every way that a server has, and keeps what it accepted.
final class FlakyHubot: Sendable {
    /// What became of one post.
    enum Fate: String, CaseIterable {
        case accepted
        case serverError = "500"
        case throttled = "429, Retry-After: 1"
        case timedOut = "no answer in time"
        case reset = "connection reset"
        /// Taken in, and the connection closed before the 2xx was sent: the sender cannot know.
        case unanswered = "accepted, answer lost"
    }

    struct Post: Sendable {
        var key: String
        var fate: Fate
        var message: HubotPage.Message.Body
        var at: ContinuousClock.Instant
    }

    private struct State {
        var posts: [Post] = []
        var malformed = 0
        var generator: SeededDice
    }

    private let state: Mutex<State>
    private let acceptances: AsyncStream<Void>
    private let acceptance: AsyncStream<Void>.Continuation

    init(seed: UInt64) {
        state = Mutex(State(generator: SeededDice(state: seed)))
        (acceptances, acceptance) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(0))
    }

    /// Waits until the next message is accepted, and half a minute at most.
    func nextAcceptance() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in self.acceptances { return } }
            group.addTask { try? await Task.sleep(for: .seconds(30)) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Everything that was posted, in the order in which it arrived.
    var posts: [Post] { state.withLock { $0.posts } }

    /// What somebody in the room has seen, in order, with repetitions.
    var heard: [Post] { posts.filter { $0.fate == .accepted || $0.fate == .unanswered } }

    /// What a receiver that knows repetitions by their key has seen.
    var heardOnce: [Post] {
        var known: Set<String> = []
        return heard.filter { known.insert($0.key).inserted }
    }

    var malformed: Int { state.withLock { $0.malformed } }

    /// Decides about a request, and says what the server does.
    @Sendable func answer(_ request: ScriptedRequest) -> [ScriptedHTTPServer.Step] {
        state.withLock { state in
            guard let key = request.header("Idempotency-Key"),
                let body = try? JSONDecoder().decode(HubotPage.Message.Body.self, from: Data(request.body))
            else {
                state.malformed += 1
                return [.answer(400)]
            }
            let fate = Self.fate(state.generator.next() % 100)
            state.posts.append(Post(key: key, fate: fate, message: body, at: .now))
            if fate == .accepted { acceptance.yield() }
            return Self.steps(fate)
        }
    }

    private static func fate(_ percent: UInt64) -> Fate {
        switch percent {
        case 0..<7: .serverError
        case 7..<12: .throttled
        case 12..<14: .timedOut
        case 14..<17: .reset
        case 17..<20: .unanswered
        default: .accepted
        }
    }

    private static func steps(_ fate: Fate) -> [ScriptedHTTPServer.Step] {
        switch fate {
        case .accepted: [.answer(200, body: "OK")]
        case .serverError: [.answer(500)]
        case .throttled: [.answer(429, headers: [("Retry-After", "1")])]
        case .timedOut: [.hang]
        case .reset: [.reset]
        case .unanswered: [.close]
        }
    }
}

/// SplitMix64.
struct SeededDice {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
