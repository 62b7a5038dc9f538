import FindingStore
import Testing

@Suite struct ScanLedgerTests {
    private let hour: Double = 3600

    @Test func `A day's scans are taken until the limit, and come back a day later`() {
        var ledger = ScanLedger()
        #expect(ledger.take(70, limit: 100, now: 0) == 70)
        #expect(ledger.take(50, limit: 100, now: 5 * hour) == 30)
        #expect(ledger.take(1, limit: 100, now: 24 * hour) == 0)
        // The first 70 are more than a day old, the hour itself being over.
        #expect(ledger.used(at: 25 * hour) == 30)
        #expect(ledger.take(80, limit: 100, now: 25 * hour) == 70)
        #expect(ledger.hours.keys.sorted() == [5, 25])
    }

    @Test func `What was not used is given back, across the hour too`() {
        var ledger = ScanLedger()
        #expect(ledger.take(10, limit: 100, now: 0) == 10)
        #expect(ledger.take(5, limit: 100, now: hour) == 5)
        ledger.giveBack(7, now: hour)
        #expect(ledger.used(at: hour) == 8)
        ledger.giveBack(100, now: hour)
        #expect(ledger.used(at: hour) == 0)
    }

    @Test func `A limit that was lowered below what is used grants nothing`() {
        var ledger = ScanLedger(hours: [0: 50])
        #expect(ledger.take(1, limit: 20, now: 0) == 0)
        #expect(ledger.used(at: 0) == 50)
    }
}
