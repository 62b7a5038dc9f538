/// The retry quota of AWS' standard mode: retries draw from it and successes refill it, so that a dead service is not
/// hammered.
///
/// Source: botocore `retries/quota.py` and `retries/standard.py`.
package struct RetryBudget: Sendable, Hashable {
    /// The tokens of a full budget.
    package let capacity: Int
    /// The tokens left now.
    package private(set) var available: Int

    /// Creates a full budget; 500 is the standard mode's.
    package init(capacity: Int = 500) {
        self.capacity = capacity
        self.available = capacity
    }

    /// Takes `cost` tokens for a retry; returns false and takes none when too few are left.
    package mutating func withdraw(_ cost: Int) -> Bool {
        guard cost <= available else { return false }
        available -= cost
        return true
    }

    /// Returns tokens after a success: the cost of its last retry, or 1 for a call that needed none.
    package mutating func deposit(_ amount: Int) {
        available = min(capacity, available + amount)
    }
}
