import ChangeFeed
import Domain
import StoreTestSupport
import Testing

@Suite struct DirtyLedgerTests {
    private static func place(_ digest: String, repository: String = "app") -> ImageReference {
        StoreSample.place(digest, in: StoreSample.repository(repository))
    }

    private func checkpoint(_ number: Int) -> StreamCheckpoint {
        StreamCheckpoint(streamARN: "arn", shards: ["shard": .after("\(number)")])
    }

    @Test func `A checkpoint is given out only when everything before it is settled`() {
        var pending = PendingChanges(saved: nil)
        pending.goAheadOfReports()
        pending.note([Self.place("a")], checkpoint: checkpoint(1))
        pending.note([Self.place("b", repository: "other")], checkpoint: checkpoint(2))
        #expect(pending.checkpointToSave == nil)
        let taken = pending.take(1)
        #expect(taken.count == 1)
        pending.settle(taken.values.flatMap(\.self))
        #expect(pending.checkpointToSave == checkpoint(1))
        pending.didSave(checkpoint(1))
        #expect(pending.checkpointToSave == nil)
        pending.settle(pending.take(10).values.flatMap(\.self))
        #expect(pending.checkpointToSave == checkpoint(2))
    }

    @Test func `What was put back keeps its age`() {
        var pending = PendingChanges(saved: nil)
        pending.goAheadOfReports()
        pending.note([Self.place("a")], checkpoint: checkpoint(1))
        _ = pending.take(10)
        pending.note([Self.place("a")], checkpoint: checkpoint(2))
        pending.putBack([Self.place("a")])
        #expect(pending.count == 1)
        #expect(pending.checkpointToSave == nil)
    }

    @Test func `An image that changes while it is announced stays dirty`() {
        var pending = PendingChanges(saved: nil)
        pending.goAheadOfReports()
        pending.note([Self.place("a")], checkpoint: checkpoint(1))
        let taken = pending.take(10).values.flatMap(\.self)
        pending.note([Self.place("a")], checkpoint: checkpoint(2))
        pending.settle(taken)
        #expect(pending.count == 1)
        #expect(pending.checkpointToSave == checkpoint(1))
    }

    @Test func `Each repository has its turn whole, whatever comes meanwhile`() {
        var pending = PendingChanges(saved: nil)
        for name in ["x", "y", "z"] { pending.note([Self.place("1", repository: name)], checkpoint: nil) }
        #expect(pending.take(1).keys.map(\.name.rawValue) == ["x"])
        pending.note(["x", "z"].map { Self.place("2", repository: $0) }, checkpoint: nil)
        #expect(pending.take(1).keys.map(\.name.rawValue) == ["y"])
        #expect(pending.take(1).values.map { $0.map(\.digest.rawValue) } == [["sha256:1", "sha256:2"]])
        #expect(pending.take(9).keys.map(\.name.rawValue) == ["x"])
        #expect(pending.take(9).isEmpty)
    }

    @Test func `Quiet rounds move the checkpoint on`() {
        var pending = PendingChanges(saved: checkpoint(0))
        pending.goAheadOfReports()
        for number in 1...5 { pending.note([], checkpoint: checkpoint(number)) }
        #expect(pending.checkpointToSave == checkpoint(5))
    }

    @Test func `Any order of notes and settlements ends with the last checkpoint`() {
        for seed in 0..<200 {
            var random = Numbers(state: UInt64(seed))
            var pending = PendingChanges(saved: nil)
            pending.goAheadOfReports()
            var undone: [Int: Set<ImageReference>] = [:]
            for round in 1...20 {
                let places = (0..<random.next(4)).map { _ in
                    Self.place("\(random.next(10))", repository: "r\(random.next(3))")
                }
                pending.note(places, checkpoint: checkpoint(round))
                undone[round] = Set(places)
                let taken = pending.take(random.next(5) + 1).values.flatMap(\.self)
                if random.next(3) == 0 {
                    pending.putBack(taken)
                } else {
                    pending.settle(taken)
                    for earlier in undone.keys { undone[earlier]?.subtract(taken) }
                }
                guard case .after(let number)? = pending.checkpointToSave?.shards["shard"], let reached = Int(number)
                else {
                    continue
                }
                #expect((1...reached).allSatisfy { undone[$0, default: []].isEmpty }, "seed \(seed), round \(round)")
            }
            pending.settle(pending.take(.max).values.flatMap(\.self))
            #expect(pending.checkpointToSave == checkpoint(20), "seed \(seed)")
        }
    }

    @Test func `A checkpoint waits for the report that tells what was named before it`() {
        var pending = PendingChanges(saved: nil, report: "here")
        pending.note([], checkpoint: checkpoint(1))
        #expect(pending.checkpointToSave == nil, "no report is known to tell anything")
        pending.beginReport()
        pending.didReport()
        #expect(pending.checkpointToSave == checkpoint(1))
        #expect(pending.checkpointToSave?.report == "here")
        pending.note([], checkpoint: checkpoint(2), changesReport: true)
        pending.note([], checkpoint: checkpoint(3))
        #expect(pending.checkpointToSave == checkpoint(1))
        pending.beginReport()
        pending.note([], checkpoint: checkpoint(4), changesReport: true)
        #expect(pending.checkpointToSave == checkpoint(1))
        pending.didNotReport()
        #expect(pending.checkpointToSave == checkpoint(1))
        pending.beginReport()
        pending.note([], checkpoint: checkpoint(5), changesReport: true)
        pending.didReport()
        #expect(pending.checkpointToSave == checkpoint(4))
    }

    @Test func `A checkpoint that went ahead of the report is announced from one that did not`() throws {
        var pending = PendingChanges(saved: nil, report: "here")
        pending.note([], checkpoint: checkpoint(1))
        pending.beginReport()
        pending.didNotReport()
        pending.goAheadOfReports()
        let ahead = try #require(pending.checkpointToSave)
        #expect(ahead.report == nil)
        pending.didSave(ahead)
        #expect(pending.checkpointToSave == nil)
        pending.beginReport()
        pending.didReport()
        #expect(pending.checkpointToSave?.report == "here", "the same place, and now a report tells of it")
    }
}

/// A small generator, so that a failing seed can be repeated.
struct Numbers {
    var state: UInt64

    mutating func next(_ limit: UInt64) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % limit)
    }
}
