/// What the fleet can say of an image, a repository, a region or an account: judged, or why not.
///
/// Absence is never shown as health, so everything that was seen holds exactly one of these.
package struct Coverage: Hashable, Sendable {
    /// The states, in the words that the report and the store use.
    package enum State: String, Hashable, Sendable, CaseIterable {
        /// Judged; the findings are those of the scan at `Coverage.at`.
        case scanned
        /// A scan is under way or was asked for.
        case waiting
        case neverScanned = "never_scanned"
        case failed
        case unsupported
        case archived
        /// Inspector watches the image no longer; the findings it closed are not fixed.
        case expiredEligibility = "expired_eligibility"
        case accessDenied = "access_denied"
        case regionOff = "region_off"
        /// AWS refused every attempt for want of quota.
        case throttled
        /// The account is suspended, closing or not yet active.
        case accountInactive = "account_inactive"
        /// It is there, and the configuration leaves it out: nobody looks at it, which says nothing of its health.
        case outOfScope = "out_of_scope"
    }

    package var state: State
    /// Why, in words that name what to do; nil where the state says it all.
    package var reason: String?
    /// When the scan behind the state completed, in seconds since 1970; nil where there was none.
    package var at: Double?

    /// Describes one state.
    package init(_ state: State, reason: String? = nil, at: Double? = nil) {
        self.state = state
        self.reason = reason
        self.at = at
    }

    /// Whether findings were read and can be trusted; everything else is a gap.
    package var isJudged: Bool { state == .scanned }
}
