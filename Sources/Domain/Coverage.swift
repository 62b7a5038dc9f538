/// Whether an image, a repository, a registry or an account could be judged, and if not, why.
///
/// A missing result must never look like a clean image, so every image has exactly one coverage. A repository, registry
/// or account has one only while something blocks it.
package struct Coverage: Hashable, Sendable {
    /// The states; the raw values are the words of the report and of the table.
    package enum State: String, Hashable, Sendable, CaseIterable {
        /// Judged; the findings are those of the scan at `Coverage.at`.
        case scanned
        /// A scan is running or pending, or it is finished and ECR gives no findings yet.
        case waiting
        /// ECR holds no scan of the image.
        case neverScanned = "never_scanned"
        /// The scan or a call to AWS failed, ECR's scan status is not known, or the stored findings are incomplete.
        case failed
        /// ECR cannot scan this operating system or this type of image.
        case unsupported
        /// The image is in ECR's archive storage class, where ECR does not scan it.
        case archived
        /// Inspector no longer monitors the image; it has closed the findings, but nobody has fixed them.
        case expiredEligibility = "expired_eligibility"
        /// AWS denied a call for lack of a permission, such as assuming the role in the account.
        case accessDenied = "access_denied"
        /// The region is not enabled in the account.
        case regionOff = "region_off"
        /// AWS throttled every attempt, or the daily scan quota is used up.
        case throttled
        /// The account is suspended, closing or not yet active, has left the organization, or is left out by configuration.
        case accountInactive = "account_inactive"
        /// It exists, but the configuration excludes it; it is not read, and this says nothing about its vulnerabilities.
        case outOfScope = "out_of_scope"
    }

    /// The state alone decides `isJudged`; `reason` and `at` only explain it.
    package var state: State
    /// The reason for a person, often with the remedy; nil if the state needs no explanation.
    package var reason: String?
    /// When the findings were last brought up to date, in seconds since 1970; nil if there was no scan.
    package var at: Double?

    /// Joins a state with its explanation.
    package init(_ state: State, reason: String? = nil, at: Double? = nil) {
        self.state = state
        self.reason = reason
        self.at = at
    }

    /// Whether the findings were read and are complete; every other state except `outOfScope` counts as a gap.
    package var isJudged: Bool { state == .scanned }
}
