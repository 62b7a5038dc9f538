/// An AWS account's twelve digits.
package struct AccountID: RawRepresentable, Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package let rawValue: String

    /// Wraps text from AWS unchecked; `isValid` checks the form.
    package init(rawValue: String) { self.rawValue = rawValue }

    /// Whether the text is twelve digits.
    package var isValid: Bool { rawValue.utf8.count == 12 && rawValue.utf8.allSatisfy { (48...57).contains($0) } }

    package var description: String { rawValue }

    package static func < (left: AccountID, right: AccountID) -> Bool { left.rawValue < right.rawValue }
}

/// An AWS region's code, such as `eu-central-1`.
package struct RegionName: RawRepresentable, Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package let rawValue: String

    /// Wraps text from AWS or the configuration unchecked.
    package init(rawValue: String) { self.rawValue = rawValue }

    package var description: String { rawValue }

    package static func < (left: RegionName, right: RegionName) -> Bool { left.rawValue < right.rawValue }
}

/// A repository's name within its registry, such as `team/service`.
package struct RepositoryName: RawRepresentable, Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package let rawValue: String

    /// Wraps text as it came from AWS.
    package init(rawValue: String) { self.rawValue = rawValue }

    package var description: String { rawValue }

    package static func < (left: RepositoryName, right: RepositoryName) -> Bool { left.rawValue < right.rawValue }
}

/// A manifest's digest as OCI defines it: `sha256:` and 64 hexadecimal digits.
package struct ImageDigest: RawRepresentable, Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package let rawValue: String

    /// Wraps text as it came from AWS.
    package init(rawValue: String) { self.rawValue = rawValue }

    package var description: String { rawValue }

    package static func < (left: ImageDigest, right: ImageDigest) -> Bool { left.rawValue < right.rawValue }
}
