import ChangeFeed
import Domain
import StoreTestSupport
import Testing

@Suite struct DirtyLedgerTests {
    private static func place(_ digest: String, repository: String = "app") -> ImagePlace {
        StoreSample.place(digest, in: StoreSample.repository(repository))
    }

    private func checkpoint(_ number: Int) -> StreamCheckpoint {
        StreamCheckpoint(streamARN: "arn", shards: ["shard": .after("\(number)")])
    }

    @Test func `A checkpoint is given out only when everything before it is settled`() {
        var ledger = DirtyLedger(saved: nil)
        ledger.goAheadOfReports()
        ledger.note([Self.place("a")], checkpoint: checkpoint(1))
        ledger.note([Self.place("b", repository: "other")], checkpoint: checkpoint(2))
        #expect(ledger.checkpointToSave == nil)
        let taken = ledger.take(1)
        #expect(taken.count == 1)
        ledger.settle(taken.values.flatMap(\.self))
        #expect(ledger.checkpointToSave == checkpoint(1))
        ledger.didSave(checkpoint(1))
        #expect(ledger.checkpointToSave == nil)
        ledger.settle(ledger.take(10).values.flatMap(\.self))
        #expect(ledger.checkpointToSave == checkpoint(2))
    }

    @Test func `What was put back keeps its age`() {
        var ledger = DirtyLedger(saved: nil)
        ledger.goAheadOfReports()
        ledger.note([Self.place("a")], checkpoint: checkpoint(1))
        _ = ledger.take(10)
        ledger.note([Self.place("a")], checkpoint: checkpoint(2))
        ledger.putBack([Self.place("a")])
        #expect(ledger.count == 1)
        #expect(ledger.checkpointToSave == nil)
    }

    @Test func `An image that changes while it is announced stays dirty`() {
        var ledger = DirtyLedger(saved: nil)
        ledger.goAheadOfReports()
        ledger.note([Self.place("a")], checkpoint: checkpoint(1))
        let taken = ledger.take(10).values.flatMap(\.self)
        ledger.note([Self.place("a")], checkpoint: checkpoint(2))
        ledger.settle(taken)
        #expect(ledger.count == 1)
        #expect(ledger.checkpointToSave == checkpoint(1))
    }

    @Test func `Each repository has its turn whole, whatever comes meanwhile`() {
        var ledger = DirtyLedger(saved: nil)
        for name in ["x", "y", "z"] { ledger.note([Self.place("1", repository: name)], checkpoint: nil) }
        #expect(ledger.take(1).keys.map(\.name.rawValue) == ["x"])
        ledger.note(["x", "z"].map { Self.place("2", repository: $0) }, checkpoint: nil)
        #expect(ledger.take(1).keys.map(\.name.rawValue) == ["y"])
        #expect(ledger.take(1).values.map { $0.map(\.digest.rawValue) } == [["sha256:1", "sha256:2"]])
        #expect(ledger.take(9).keys.map(\.name.rawValue) == ["x"])
        #expect(ledger.take(9).isEmpty)
    }

    @Test func `Quiet rounds move the checkpoint on`() {
        var ledger = DirtyLedger(saved: checkpoint(0))
        ledger.goAheadOfReports()
        for number in 1...5 { ledger.note([], checkpoint: checkpoint(number)) }
        #expect(ledger.checkpointToSave == checkpoint(5))
    }

    @Test func `Any order of notes and settlements ends with the last checkpoint`() {
        for seed in 0..<200 {
            var random = Numbers(state: UInt64(seed))
            var ledger = DirtyLedger(saved: nil)
            ledger.goAheadOfReports()
            var undone: [Int: Set<ImagePlace>] = [:]
            for round in 1...20 {
                let places = (0..<random.next(4)).map { _ in
                    Self.place("\(random.next(10))", repository: "r\(random.next(3))")
                }
                ledger.note(places, checkpoint: checkpoint(round))
                undone[round] = Set(places)
                let taken = ledger.take(random.next(5) + 1).values.flatMap(\.self)
                if random.next(3) == 0 {
                    ledger.putBack(taken)
                } else {
                    ledger.settle(taken)
                    for earlier in undone.keys { undone[earlier]?.subtract(taken) }
                }
                guard case .after(let number)? = ledger.checkpointToSave?.shards["shard"], let reached = Int(number)
                else {
                    continue
                }
                #expect((1...reached).allSatisfy { undone[$0, default: []].isEmpty }, "seed \(seed), round \(round)")
            }
            ledger.settle(ledger.take(.max).values.flatMap(\.self))
            #expect(ledger.checkpointToSave == checkpoint(20), "seed \(seed)")
        }
    }

    @Test func `A checkpoint waits for the report that tells what was named before it`() {
        var ledger = DirtyLedger(saved: nil, report: "here")
        ledger.note([], checkpoint: checkpoint(1))
        #expect(ledger.checkpointToSave == nil, "no report is known to tell anything")
        ledger.beginReport()
        ledger.didReport()
        #expect(ledger.checkpointToSave == checkpoint(1))
        #expect(ledger.checkpointToSave?.report == "here")
        ledger.note([], checkpoint: checkpoint(2), changesReport: true)
        ledger.note([], checkpoint: checkpoint(3))
        #expect(ledger.checkpointToSave == checkpoint(1))
        ledger.beginReport()
        ledger.note([], checkpoint: checkpoint(4), changesReport: true)
        #expect(ledger.checkpointToSave == checkpoint(1))
        ledger.didNotReport()
        #expect(ledger.checkpointToSave == checkpoint(1))
        ledger.beginReport()
        ledger.note([], checkpoint: checkpoint(5), changesReport: true)
        ledger.didReport()
        #expect(ledger.checkpointToSave == checkpoint(4))
    }

    @Test func `A checkpoint that went ahead of the report is told from one that did not`() throws {
        var ledger = DirtyLedger(saved: nil, report: "here")
        ledger.note([], checkpoint: checkpoint(1))
        ledger.beginReport()
        ledger.didNotReport()
        ledger.goAheadOfReports()
        let ahead = try #require(ledger.checkpointToSave)
        #expect(ahead.report == nil)
        ledger.didSave(ahead)
        #expect(ledger.checkpointToSave == nil)
        ledger.beginReport()
        ledger.didReport()
        #expect(ledger.checkpointToSave?.report == "here", "the same place, and now a report tells of it")
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
