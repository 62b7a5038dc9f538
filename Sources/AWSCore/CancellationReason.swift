/// Why one action of a cancelled DynamoDB transaction failed; `None` where it did not.
package struct CancellationReason: RawRepresentable, Hashable, Sendable {
    package let rawValue: String

    /// Keeps a reason that AWS may add later.
    package init(rawValue: String) { self.rawValue = rawValue }

    /// The action's condition does not hold.
    package static let conditionalCheckFailed = Self(rawValue: "ConditionalCheckFailed")

    /// Whether the same transaction may succeed a moment later.
    package var passes: Bool { Self.passing.contains(rawValue) }

    private static let passing: Set<String> = [
        "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded",
    ]
}

extension CancellationReason: Decodable {
    private enum CodingKeys: String, CodingKey { case code = "Code" }

    /// Reads only the member `Code` of an element of `CancellationReasons`.
    package init(from decoder: any Decoder) throws {
        rawValue = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .code)
    }
}
