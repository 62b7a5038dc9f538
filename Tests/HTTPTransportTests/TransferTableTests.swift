import Testing

@testable import HTTPTransport

@Suite struct TransferTableTests {
    private typealias Table = TransferTable<String, Int>

    private func table(maximum: Int = 1) -> Table {
        Table(connections: ConnectionQueue(maximum: maximum, maximumPerHost: maximum))
    }

    @Test func `A submitted transfer starts, and its end answers who waits`() {
        var table = table()
        let id = table.register()
        #expect(isStart(table.submit(id, "request", to: "a", for: 1), "request"))
        #expect(table.finish(id) == 1)
        #expect(table.finish(id) == nil)
        #expect(table.count == 0)
    }

    @Test func `Cancelled before it is submitted, it never starts`() {
        var table = table()
        let id = table.register()
        guard case .none = table.cancel(id) else {
            Issue.record("nothing was under way")
            return
        }
        guard case .refuseCancelled(1) = table.submit(id, "request", to: "a", for: 1) else {
            Issue.record("it must not start")
            return
        }
        #expect(table.count == 0)
    }

    @Test func `Cancelled while it waits, it is refused and gives its turn away`() {
        var table = table()
        let ids = (0..<3).map { _ in table.register() }
        #expect(isStart(table.submit(ids[0], "0", to: "a", for: 0), "0"))
        #expect(isWait(table.submit(ids[1], "1", to: "a", for: 1)))
        #expect(isWait(table.submit(ids[2], "2", to: "a", for: 2)))
        guard case .refuse(1) = table.cancel(ids[1]) else {
            Issue.record("it was waiting")
            return
        }
        #expect(table.next() == nil)
        #expect(table.finish(ids[0]) == 0)
        #expect(table.next()?.payload == "2")
        #expect(table.next() == nil)
    }

    @Test func `Cancelled while it runs, it is stopped and its connection is free`() {
        var table = table()
        let running = table.register()
        let waiting = table.register()
        _ = table.submit(running, "0", to: "a", for: 0)
        _ = table.submit(waiting, "1", to: "a", for: 1)
        guard case .stop(0) = table.cancel(running) else {
            Issue.record("it was running")
            return
        }
        #expect(table.finish(running) == nil)
        #expect(table.next()?.id == waiting)
    }

    @Test func `Cancelled after its end, nothing happens`() {
        var table = table()
        let id = table.register()
        _ = table.submit(id, "request", to: "a", for: 1)
        _ = table.finish(id)
        guard case .none = table.cancel(id) else {
            Issue.record("it has ended")
            return
        }
    }

    @Test func `Closing answers all who wait and refuses all who come`() {
        var table = table()
        let ids = (0..<4).map { _ in table.register() }
        _ = table.submit(ids[0], "0", to: "a", for: 0)
        _ = table.submit(ids[1], "1", to: "a", for: 1)
        _ = table.cancel(ids[3])
        #expect(Set(table.close()) == [0, 1])
        guard case .refuseClosed(2) = table.submit(ids[2], "2", to: "a", for: 2) else {
            Issue.record("the table is closed")
            return
        }
        guard case .refuseCancelled(3) = table.submit(ids[3], "3", to: "a", for: 3) else {
            Issue.record("it was cancelled before")
            return
        }
        #expect(table.close().isEmpty)
        #expect(table.count == 0)
        #expect(table.next() == nil)
    }

    private func isStart(_ submission: Table.Submission, _ expected: String) -> Bool {
        if case .start(expected) = submission { true } else { false }
    }

    private func isWait(_ submission: Table.Submission) -> Bool {
        if case .wait = submission { true } else { false }
    }
}

@Suite struct ConnectionQueueTests {
    private let ids = (1...9).map { TransferID(number: $0) }

    @Test func `Connections are given out up to the limit, then in the order of asking`() {
        var queue = ConnectionQueue(maximum: 2, maximumPerHost: 2)
        #expect(ids[0..<5].map { queue.admit($0, to: "a") } == [true, true, false, false, false])
        #expect(queue.next() == nil)
        queue.release("a")
        #expect(queue.next() == ids[2])
        #expect(queue.next() == nil)
        queue.release("a")
        queue.release("a")
        #expect([queue.next(), queue.next(), queue.next()] == [ids[3], ids[4], nil])
    }

    @Test func `A host at its own limit does not hold others up`() {
        var queue = ConnectionQueue(maximum: 3, maximumPerHost: 1)
        let admitted = zip(ids, ["a", "a", "b", "c", "d"]).map { queue.admit($0, to: $1) }
        #expect(admitted == [true, false, true, true, false])
        queue.release("b")
        #expect(queue.next() == ids[4])
        queue.release("a")
        #expect(queue.next() == ids[1])
    }

    @Test func `The one who asked first is next, whatever its host`() {
        var queue = ConnectionQueue(maximum: 1, maximumPerHost: 1)
        for (index, host) in ["x", "b", "a", "b"].enumerated() { _ = queue.admit(ids[index], to: host) }
        var served: [TransferID?] = []
        for host in ["x", "b", "a", "b"] {
            queue.release(host)
            served.append(queue.next())
        }
        #expect(served == [ids[1], ids[2], ids[3], nil])
    }

    @Test func `One who has withdrawn is passed over`() {
        var queue = ConnectionQueue(maximum: 1, maximumPerHost: 1)
        for id in ids[0..<3] { _ = queue.admit(id, to: "a") }
        queue.withdraw(ids[1], from: "a")
        queue.withdraw(ids[1], from: "a")
        queue.release("a")
        #expect(queue.next() == ids[2])
    }
}
