import FindingStore
import Testing

@Suite struct ScanLedgerTests {
    private let hour: Double = 3600

    @Test func `A day's scans are taken until the limit, and come back a day later`() {
        var window = ScanQuotaWindow()
        #expect(window.take(70, limit: 100, now: 0) == 70)
        #expect(window.take(50, limit: 100, now: 5 * hour) == 30)
        #expect(window.take(1, limit: 100, now: 23.9 * hour) == 0)
        #expect(window.used(at: 24 * hour) == 30)
        #expect(window.take(80, limit: 100, now: 24 * hour) == 70)
        #expect(window.spans.keys.sorted() == [60, 288])
    }

    @Test func `A sweep that begins at the same second every day finds all of yesterday's scans given back`() {
        var window = ScanQuotaWindow()
        for day in 0..<4 {
            // The scans of a sweep take two hours, a hundred every six minutes, and use the whole budget.
            for portion in 0..<20 {
                let now = Double(day) * 24 * hour + Double(portion) * 360 + 17
                #expect(window.take(100, limit: 2000, now: now) == 100, "day \(day), portion \(portion)")
            }
        }
    }

    @Test func `What was not used is given back, across the span too`() {
        var window = ScanQuotaWindow()
        #expect(window.take(10, limit: 100, now: 0) == 10)
        #expect(window.take(5, limit: 100, now: hour) == 5)
        window.giveBack(7, now: hour)
        #expect(window.used(at: hour) == 8)
        window.giveBack(100, now: hour)
        #expect(window.used(at: hour) == 0)
    }

    @Test func `A limit that was lowered below what is used grants nothing`() {
        var window = ScanQuotaWindow(spans: [0: 50])
        #expect(window.take(1, limit: 20, now: 0) == 0)
        #expect(window.used(at: 0) == 50)
    }
}
