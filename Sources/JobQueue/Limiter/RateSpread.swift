/// The spread of one operation's learned rates over all buckets, in calls a second.
package struct RateSpread: Sendable, Hashable {
    /// The slowest bucket's rate.
    package let lowest: Double
    /// The rate that half of the buckets reach.
    package let median: Double
    /// The fastest bucket's rate.
    package let highest: Double

    /// Nil when there are no rates.
    package init?(_ rates: [Double]) {
        let sorted = rates.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        lowest = first
        median = sorted[sorted.count / 2]
        highest = last
    }
}
