package import AWSServices

/// Combines groups of writes into batches that fit into one transaction each, and never divides a group.
///
/// A single group that exceeds the limits becomes a batch of its own.
package struct TransactionBatches: Sequence, IteratorProtocol {
    /// Writes per batch: DynamoDB allows 100 items, and the fence and the `once` item each take one.
    package static let items = 98
    /// Bytes per batch as `size` estimates them; DynamoDB allows 4 MB.
    package static let bytes = 3_000_000

    private var rest: ArraySlice<[DynamoDB.WriteRequest]>

    /// Batches groups in their order, and drops empty ones.
    package init(_ groups: [[DynamoDB.WriteRequest]]) { rest = groups.filter { !$0.isEmpty }[...] }

    package mutating func next() -> [DynamoDB.WriteRequest]? {
        guard var batch = rest.popFirst() else { return nil }
        var bytes = Self.size(batch)
        while let group = rest.first {
            bytes += Self.size(group)
            guard batch.count + group.count <= Self.items, bytes <= Self.bytes else { break }
            batch += group
            rest.removeFirst()
        }
        return batch
    }

    /// Estimates the bytes that DynamoDB counts for writes.
    package static func size(_ group: [DynamoDB.WriteRequest]) -> Int {
        group.reduce(0) { size, request in
            switch request {
            case .put(let item): size + item.reduce(0) { $0 + $1.key.utf8.count + $1.value.estimatedBytes }
            case .delete: size + 200
            }
        }
    }
}

extension DynamoDB.AttributeValue {
    /// Estimates the bytes that DynamoDB counts for a value.
    fileprivate var estimatedBytes: Int {
        switch self {
        case .s(let text), .n(let text): text.utf8.count
        case .b(let bytes): bytes.count
        case .l(let values): values.reduce(3) { $0 + $1.estimatedBytes + 1 }
        case .m(let members): members.reduce(3) { $0 + $1.key.utf8.count + $1.value.estimatedBytes + 1 }
        case .ss(let texts): texts.reduce(0) { $0 + $1.utf8.count }
        default: 8
        }
    }
}
