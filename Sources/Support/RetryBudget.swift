/// The retry quota of AWS' standard mode: retries draw from it and successes refill it, so that a dead service is not
/// hammered.
///
/// Source: botocore `retries/quota.py` and `retries/standard.py`.
package struct RetryBudget: Sendable, Hashable {
    /// What the budget holds when full.
    package let capacity: Int
    /// What it holds now.
    package private(set) var available: Int

    /// Creates a full budget; 500 is the standard mode's.
    package init(capacity: Int = 500) {
        self.capacity = capacity
        self.available = capacity
    }

    /// Takes `cost` for a retry, or answers false and takes nothing when too little is left.
    package mutating func withdraw(_ cost: Int) -> Bool {
        guard cost <= available else { return false }
        available -= cost
        return true
    }

    /// Puts back what a retry took that succeeded, or 1 for a call that needed none.
    package mutating func deposit(_ amount: Int) {
        available = min(capacity, available + amount)
    }
}
