internal import Redis

/// What the limiter has learned about one operation in one bucket.
package struct LearnedRate: Sendable, Hashable {
    /// The bucket, such as `account:region`.
    package var bucket: String
    /// The AWS operation, such as `DescribeImages`.
    package var operation: String
    /// The learned rate in calls a second.
    package var rate: Double
    /// How often throttling has lowered the rate.
    package var cuts: Int

    /// Describes a rate; the limiter makes them, tests may.
    package init(bucket: String, operation: String, rate: Double, cuts: Int) {
        self.bucket = bucket
        self.operation = operation
        self.rate = rate
        self.cuts = cuts
    }
}

extension LearnedRate {
    /// Reads an element of what rates.lua returns; nil when it has another shape.
    init?(_ reply: RESPValue) {
        guard let parts = reply.elements, parts.count == 4, let bucket = parts[0].text, let operation = parts[1].text,
            let rate = parts[2].text.flatMap({ Double($0) }), let cuts = parts[3].number
        else { return nil }
        self.init(bucket: bucket, operation: operation, rate: rate, cuts: cuts)
    }
}
