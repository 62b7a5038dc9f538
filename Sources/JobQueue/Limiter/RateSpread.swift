/// How the rates that were learned for one operation are spread over the buckets, in calls a second.
package struct RateSpread: Sendable, Hashable {
    package let lowest: Double
    package let median: Double
    package let highest: Double

    /// Nil where there are no rates.
    package init?(_ rates: [Double]) {
        let sorted = rates.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        lowest = first
        median = sorted[sorted.count / 2]
        highest = last
    }
}
