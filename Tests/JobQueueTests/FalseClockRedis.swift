import Redis
import Synchronization

/// Redis whose scripts read a clock that stands still until a test moves it.
///
/// What a test counts then depends on no machine's speed: no time passes while Redis and the test are at work.
final class FalseClockRedis: RedisScripting {
    private let redis: any RedisScripting
    private let state: Mutex<State>

    private struct State {
        var microseconds = 1_700_000_000_000_000
        /// Scripts that read the false clock, by the digest of those that read the server's.
        var scripts: [String: RedisScript] = [:]
    }

    init(_ redis: any RedisScripting) {
        self.redis = redis
        state = Mutex(State())
    }

    /// Lets time pass.
    func pass(_ duration: Duration) {
        let microseconds = Int((duration / .microseconds(1)).rounded(.up))
        state.withLock { $0.microseconds += microseconds }
    }

    /// Seconds on the clock.
    var now: Double { Double(state.withLock(\.microseconds)) / 1e6 }

    func evaluate(_ script: RedisScript, keys: [String], arguments: [String]) async throws -> RESPValue {
        let (changed, time) = state.withLock { state in
            let changed = state.scripts[script.digest] ?? Self.withFalseClock(script)
            state.scripts[script.digest] = changed
            return (changed, state.microseconds)
        }
        // The clock is the last argument, so that those before it keep their places.
        return try await redis.evaluate(changed, keys: keys, arguments: arguments + [String(time)])
    }

    func send(_ command: [String]) async throws -> RESPValue { try await redis.send(command) }

    private static func withFalseClock(_ script: RedisScript) -> RedisScript {
        let clock = "{ 0, table.remove(ARGV) }"
        return RedisScript(
            name: script.name,
            source: script.source.replacing("redis.call(\"TIME\")", with: clock)
        )
    }
}
