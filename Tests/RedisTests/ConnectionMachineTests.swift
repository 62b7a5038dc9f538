import Testing

@testable import Redis

/// The decisions alone; callers are named by letters.
@Suite struct ConnectionMachineTests {
    private typealias Machine = ConnectionMachine<String>

    private let start = ContinuousClock.now

    private func machine(greetingReplies: Int = 0) -> Machine {
        Machine(
            greeting: Machine.Greeting(bytes: greetingReplies > 0 ? [0] : [], replyCount: greetingReplies),
            connectTimeout: .seconds(5),
            commandTimeout: .seconds(3)
        )
    }

    private func call(_ id: Int, _ waiter: String, replies: Int = 1) -> RedisCall<String> {
        RedisCall(id: id, bytes: [UInt8(id)], replyCount: replies, waiter: waiter)
    }

    /// A machine whose connection is ready and which has nothing to do.
    private func readyMachine() -> Machine {
        var machine = machine()
        _ = machine.submit(call(100, "first"), now: start)
        _ = machine.connected()
        _ = machine.flush(now: start)
        _ = machine.received(.null)
        return machine
    }

    @Test func `The first call connects and the others wait for it`() {
        var machine = machine()
        #expect(machine.submit(call(1, "a"), now: start) == .connect)
        #expect(machine.submit(call(2, "b"), now: start) == .none)
        #expect(machine.connected() == .flush)
        #expect(machine.flush(now: start) == [1, 2])
        #expect(machine.received(.integer(1)).completed?.waiter == "a")
        #expect(machine.received(.integer(2)).completed?.waiter == "b")
    }

    @Test func `Nothing is sent before the greeting is answered`() {
        var machine = machine(greetingReplies: 2)
        _ = machine.submit(call(1, "a"), now: start)
        #expect(machine.connected() == .send([0]))
        #expect(machine.flush(now: start).isEmpty)
        #expect(machine.received(.string("OK")).next == .nothing)
        #expect(machine.received(.string("OK")).next == .flush)
        #expect(machine.flush(now: start) == [1])
    }

    @Test func `A refused greeting is everybody's error`() {
        var machine = machine(greetingReplies: 1)
        _ = machine.submit(call(1, "a"), now: start)
        _ = machine.connected()
        let refusal = RedisError.reply(code: "WRONGPASS", message: "WRONGPASS no")
        #expect(machine.received(.error("WRONGPASS no")).next == .disconnect(refusal))
        #expect(machine.lost(refusal, now: start, pause: .zero).map(\.error) == [refusal])
    }

    @Test func `Callers of one turn ask for one flush`() {
        var machine = readyMachine()
        #expect(machine.submit(call(1, "a"), now: start) == .flushSoon)
        #expect(machine.submit(call(2, "b"), now: start) == .none)
        #expect(machine.flush(now: start) == [1, 2])
        #expect(machine.submit(call(3, "c"), now: start) == .flushSoon)
    }

    @Test func `A loss fails what is in flight and keeps what was not sent`() {
        var machine = readyMachine()
        _ = machine.submit(call(1, "a"), now: start)
        _ = machine.flush(now: start)
        _ = machine.submit(call(2, "b"), now: start)
        #expect(machine.lost(.connection("gone"), now: start, pause: .seconds(1)).map(\.waiter) == ["a"])
        #expect(machine.nextDeadline == start + .seconds(1))
        #expect(machine.wake(now: start + .milliseconds(999)) == .nothing)
        #expect(machine.wake(now: start + .seconds(1)) == .connect)
        #expect(machine.connected() == .flush)
        #expect(machine.flush(now: start) == [2])
    }

    @Test func `A pause is part of the time that a caller waits for a connection`() {
        var machine = readyMachine()
        _ = machine.lost(.connection("gone"), now: start, pause: .seconds(2))
        #expect(machine.submit(call(1, "a"), now: start) == .none)
        #expect(machine.wake(now: start + .seconds(2)) == .connect)
        #expect(machine.nextDeadline == start + .seconds(5))
        guard case .disconnect(let error) = machine.wake(now: start + .seconds(5)) else {
            Issue.record("the attempt goes on")
            return
        }
        #expect(machine.lost(error, now: start, pause: .zero).map(\.waiter) == ["a"])
    }

    @Test func `When all who waited for the pause have left, nobody connects`() {
        var machine = readyMachine()
        _ = machine.lost(.connection("gone"), now: start, pause: .seconds(1))
        _ = machine.submit(call(1, "a"), now: start)
        #expect(machine.cancel(1) == "a")
        #expect(machine.wake(now: start + .seconds(1)) == .nothing)
        #expect(machine.submit(call(2, "b"), now: start + .seconds(1)) == .connect)
    }

    @Test func `After a time-out only those whose time is up have timed out`() {
        var machine = readyMachine()
        _ = machine.submit(call(1, "a"), now: start)
        _ = machine.flush(now: start)
        _ = machine.submit(call(2, "b"), now: start + .seconds(2))
        _ = machine.flush(now: start + .seconds(2))
        #expect(machine.wake(now: start + .seconds(3)) == .disconnect(.timedOut))
        let failed = machine.lost(.timedOut, now: start + .seconds(3), pause: .zero)
        #expect(failed.map(\.waiter) == ["a", "b"])
        #expect(failed.first?.error == .timedOut)
        #expect(failed.last?.error != .timedOut)
    }

    @Test func `A cancelled call's replies are dropped and the next caller gets the next reply`() {
        var machine = readyMachine()
        _ = machine.submit(call(1, "a", replies: 2), now: start)
        _ = machine.submit(call(2, "b"), now: start)
        _ = machine.flush(now: start)
        #expect(machine.cancel(1) == "a")
        #expect(machine.cancel(1) == nil)
        #expect(machine.received(.integer(1)).completed == nil)
        #expect(machine.received(.integer(2)).completed == nil)
        #expect(machine.received(.integer(3)).completed?.replies == [.integer(3)])
    }

    @Test func `A call that is cancelled before it was sent never is`() {
        var machine = readyMachine()
        _ = machine.submit(call(1, "a"), now: start)
        #expect(machine.cancel(1) == "a")
        #expect(machine.flush(now: start).isEmpty)
        #expect(machine.cancel(1) == nil)
    }

    @Test(arguments: ["READONLY You can't write against a read only replica.", "MASTERDOWN Link is down"])
    func `A replica's refusal completes its call and ends the connection`(text: String) {
        var machine = readyMachine()
        _ = machine.submit(call(1, "a", replies: 2), now: start)
        _ = machine.flush(now: start)
        #expect(machine.received(.error(text)).next == .nothing)
        let delivery = machine.received(.integer(1))
        #expect(delivery.completed?.replies == [.error(text), .integer(1)])
        guard case .disconnect = delivery.next else {
            Issue.record("the connection stays")
            return
        }
        _ = machine.lost(.connection("replica"), now: start, pause: .zero)
        #expect(machine.submit(call(2, "b"), now: start) == .connect)
    }

    @Test func `What the server says unasked ends the connection with its words`() {
        var machine = readyMachine()
        guard
            case .disconnect(.connection(let reason)) = machine.received(.error("ERR max number of clients reached"))
                .next
        else {
            Issue.record("the connection stays")
            return
        }
        #expect(reason.contains("max number of clients reached"))
    }

    @Test func `Failures count up until a reply comes`() {
        var machine = machine()
        for _ in 1...3 {
            _ = machine.submit(call(1, "a"), now: start)
            _ = machine.lost(.connection("refused"), now: start, pause: .zero)
        }
        #expect(machine.failures == 3)
        _ = machine.submit(call(2, "b"), now: start)
        _ = machine.connected()
        _ = machine.flush(now: start)
        #expect(machine.failures == 3)
        _ = machine.received(.null)
        #expect(machine.failures == 0)
    }

    @Test func `Closing fails all, whatever the state, and nothing begins afterwards`() {
        var machine = readyMachine()
        _ = machine.submit(call(1, "a"), now: start)
        _ = machine.flush(now: start)
        _ = machine.submit(call(2, "b"), now: start)
        #expect(machine.close().map(\.waiter) == ["a", "b"])
        #expect(machine.submit(call(3, "c"), now: start) == .refuse)
        #expect(machine.connected() == .nothing)
        #expect(machine.lost(.timedOut, now: start, pause: .zero).isEmpty)
        #expect(machine.nextDeadline == nil)
    }
}

@Suite struct RedisErrorTests {
    @Test(arguments: [
        ("READONLY You can't write against a read only replica.", "READONLY"),
        ("ERR Error running script (call to f_1): @user_script:1: -READONLY You can't write.", "READONLY"),
        ("WRONGTYPE Operation against a key", "WRONGTYPE"),
        ("ERR", "ERR"),
    ])
    func `The code is the first word, or what a script of an older server wraps`(text: String, code: String) {
        #expect(RedisError(reply: text) == .reply(code: code, message: text))
    }
}
