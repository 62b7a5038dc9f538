package import Domain

/// What the team is told, once: only what changed since it was told last.
package enum NotificationContent: Hashable, Sendable {
    case images(RepositoryChange)
    /// Many images of a registry that are gone, judged no more, or judged again.
    case bulkChange(BulkImageChange)
    /// The same vulnerabilities in many images.
    case vulnerabilities(VulnerabilityChange)
    /// The first look at an account: one summary instead of a message for every finding it already had.
    case baseline(AccountBaseline)
    /// The stream of changes was broken, and how that was bridged.
    case gap(StreamGap)
    /// A suppression needs somebody's attention.
    case suppression(SuppressionNotice)
    /// The fleet is kept from looking into a place, or can look into it again.
    case access(AccessChange)
    /// A rule or threshold that kept things from being told is no longer in force.
    case scope(RuleChangeSummary)
}

/// The news of one repository's images: what one message is about.
package struct RepositoryChange: Hashable, Sendable {
    package var place: RepositoryReference
    /// The account's name; nil where the organization has not told it yet.
    package var accountName: String?
    package var images: [ImageChange]

    /// Gathers the news of one repository.
    package init(place: RepositoryReference, accountName: String?, images: [ImageChange]) {
        self.place = place
        self.accountName = accountName
        self.images = images
    }
}

/// What is new about one image.
package struct ImageChange: Hashable, Sendable {
    /// Why the image is spoken of.
    package enum Cause: Hashable, Sendable {
        /// Judged for the first time.
        case detected
        case changed
        /// A complete listing proved that it is gone; its findings went with it, which does not mean they were fixed.
        case removed
        /// Judged before, and no longer: what was last known still stands.
        case coverageLost(Coverage)
        /// Judged again; the changes are those since the last trusted judgement.
        case coverageRegained(Coverage)
    }

    package var digest: ImageDigest
    package var tags: [String]
    package var cause: Cause
    /// Only those that reach the threshold.
    package var changes: [FindingChange]
    /// How many findings were last known at each severity that reaches the threshold; filled where the image is gone or
    /// no longer judged.
    package var openFindings: [Severity: Int]
    /// The fencing token of the write that the news is about: it grows with each, so that a finding which comes back is
    /// not taken for a repetition of the first message.
    package var revision: Int

    /// Describes what is new about an image.
    package init(
        digest: ImageDigest,
        tags: [String],
        revision: Int,
        cause: Cause,
        changes: [FindingChange] = [],
        openFindings: [Severity: Int] = [:]
    ) {
        self.digest = digest
        self.tags = tags
        self.revision = revision
        self.cause = cause
        self.changes = changes
        self.openFindings = openFindings
    }
}

/// Why some changes were found by comparing instead of by following.
package struct StreamGap: Hashable, Sendable {
    /// What broke the stream, such as records older than a day that DynamoDB had already dropped.
    package var reason: String
    /// Images compared with what was last announced.
    package var compared: Int
    /// Images among them that had changed.
    package var differing: Int
    /// When it was noticed, in seconds since 1970.
    package var at: Double

    /// Describes a gap that a comparison bridged.
    package init(reason: String, compared: Int, differing: Int, at: Double) {
        self.at = at
        self.reason = reason
        self.compared = compared
        self.differing = differing
    }
}
