/// The spread of one operation's learned rates over all buckets, in calls a second.
package struct RateSpread: Sendable, Hashable {
    /// The rate of the slowest bucket.
    package let lowest: Double
    /// The median rate: half of the buckets reach it.
    package let median: Double
    /// The rate of the fastest bucket.
    package let highest: Double

    /// Computes the spread of rates in any order; nil when there are none.
    package init?(_ rates: [Double]) {
        let sorted = rates.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        lowest = first
        median = sorted[sorted.count / 2]
        highest = last
    }
}
