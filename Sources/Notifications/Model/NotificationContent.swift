package import Domain

/// The content of one notification: only changes since the last announcement.
package enum NotificationContent: Hashable, Sendable {
    case images(RepositoryChange)
    /// Many images of a registry that were removed, lost their coverage, or are judged again.
    case bulkChange(BulkImageChange)
    /// The same vulnerabilities in many images.
    case vulnerabilities(VulnerabilityChange)
    /// The first scan of an account: one summary instead of a message for every finding that it already had.
    case baseline(AccountBaseline)
    /// The stream lost changes, and a comparison of the whole store replaced them.
    case gap(StreamGap)
    /// A suppression expires, has expired, or matches nothing.
    case suppression(SuppressionNotice)
    /// An account, registry or repository became blocked or accessible again.
    case access(AccessChange)
    /// A rule or threshold that kept findings back is no longer in force.
    case scope(RuleChangeSummary)
}

/// The changed images of one repository, announced as one section.
package struct RepositoryChange: Hashable, Sendable {
    /// The repository that holds every one of the images.
    package var place: RepositoryReference
    /// The account's name; nil where it is not known yet.
    package var accountName: String?
    /// One change for each image; an image that was removed and came back may have more.
    package var images: [ImageChange]

    /// Collects the changed images of one repository.
    package init(place: RepositoryReference, accountName: String?, images: [ImageChange]) {
        self.place = place
        self.accountName = accountName
        self.images = images
    }
}

/// The change of one image since its last announcement.
package struct ImageChange: Hashable, Sendable {
    /// Why the image is announced.
    package enum Cause: Hashable, Sendable {
        /// Judged for the first time.
        case detected
        case changed
        /// A complete listing proved that it is gone; its findings are gone with it, but not fixed.
        case removed
        /// Judged before, and no longer; the last known findings stay open.
        case coverageLost(Coverage)
        /// Judged again; the changes are relative to the last trusted judgement.
        case coverageRegained(Coverage)
    }

    /// The image's digest; the repository is named by the enclosing value.
    package var digest: ImageDigest
    /// The image's tags at the time of the change; those of a removed image are its last known ones.
    package var tags: [String]
    /// The event that led to the notification.
    package var cause: Cause
    /// The finding changes that reach the threshold before or after the change.
    package var changes: [FindingChange]
    /// How many findings were last known at each severity that reaches the threshold.
    ///
    /// Empty unless the image was removed or is no longer judged.
    package var openFindings: [Severity: Int]
    /// The fencing token of the image's write that led to the change.
    ///
    /// It grows with every write, so that a finding that comes back is not taken for a repetition of the first message.
    package var writeToken: Int

    /// Describes the change of an image.
    package init(
        digest: ImageDigest,
        tags: [String],
        writeToken: Int,
        cause: Cause,
        changes: [FindingChange] = [],
        openFindings: [Severity: Int] = [:]
    ) {
        self.digest = digest
        self.tags = tags
        self.writeToken = writeToken
        self.cause = cause
        self.changes = changes
        self.openFindings = openFindings
    }
}

/// A loss of stream records that a comparison of the whole store bridged.
package struct StreamGap: Hashable, Sendable {
    /// Why records were lost, such as DynamoDB dropping records older than a day.
    package var reason: String
    /// How many images were compared with their announced state.
    package var compared: Int
    /// How many of the compared images had changed.
    package var differing: Int
    /// When the comparison ended, in seconds since 1970.
    package var at: Double

    /// Describes a gap that a comparison bridged.
    package init(reason: String, compared: Int, differing: Int, at: Double) {
        self.at = at
        self.reason = reason
        self.compared = compared
        self.differing = differing
    }
}
