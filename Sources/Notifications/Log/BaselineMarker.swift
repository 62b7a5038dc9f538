package import Domain

/// That an account's regions were summarised, so that only changes in them are told from then on.
package struct BaselineMarker: Hashable, Sendable {
    package var account: AccountID
    package var regions: Set<RegionName>

    /// Marks regions of an account.
    package init(account: AccountID, regions: Set<RegionName>) {
        self.account = account
        self.regions = regions
    }
}
