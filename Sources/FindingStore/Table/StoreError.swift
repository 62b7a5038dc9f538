package import Support

/// Why the store could not do what it was asked, other than by DynamoDB's own errors.
package enum StoreError: Error, Hashable, Sendable {
    /// An item is not as this version writes it.
    case malformed(key: String, attribute: String)
    /// The table is there and cannot be used.
    case unusableTable(String)
    /// DynamoDB left this many requests of a batch undone, however long they were repeated.
    case unprocessed(Int)
    /// A later leader writes now: this one, of this number, must stop.
    case led(Int)
    /// So many writes are too many, or too large, for one transaction.
    case tooLarge(Int)
}

extension StoreError: Classified {
    package var disposition: Disposition {
        switch self {
        case .malformed, .unusableTable, .led, .tooLarge: .permanent
        case .unprocessed: .throttled(retryAfter: nil)
        }
    }
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let key, let attribute):
            "the item \(key) was written by another version or another program: \(attribute) cannot be read"
        case .unusableTable(let why): why
        case .led(let fence): "leadership \(fence) is over: a later leader writes the table"
        case .tooLarge(let count): "\(count) writes are too large for one transaction"
        case .unprocessed(let count): "DynamoDB left \(count) requests undone for want of capacity"
        }
    }
}
