package import Support

/// The store's own errors; DynamoDB's are thrown as `AWSServiceError`.
package enum StoreError: Error, Hashable, Sendable {
    /// An attribute of an item does not have the form that this version writes.
    case malformed(key: String, attribute: String)
    /// The table cannot be used; the text says why and what to do.
    case unusableTable(String)
    /// This many requests could not be completed although they were repeated.
    ///
    /// DynamoDB left them unprocessed for lack of capacity, or other writers were faster in every attempt.
    case unprocessed(Int)
    /// A later leader has announced itself, so the leader with this fence must stop.
    case superseded(Int)
    /// This many writes are too many, or too large, for one transaction.
    case tooLarge(Int)
}

extension StoreError: Classified {
    /// Only `unprocessed` is worth another attempt.
    package var disposition: Disposition {
        switch self {
        case .malformed, .unusableTable, .superseded, .tooLarge: .permanent
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
        case .superseded(let fence): "leadership \(fence) is over: a later leader writes the table"
        case .tooLarge(let count): "\(count) writes are too large for one transaction"
        case .unprocessed(let count): "DynamoDB left \(count) requests undone for want of capacity"
        }
    }
}
