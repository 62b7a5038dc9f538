package import Domain

/// The summarised regions of an account; only changes in them are announced from then on.
package struct BaselineMarker: Hashable, Sendable {
    /// The account, by which the marker is stored.
    package var account: AccountID
    /// All regions summarised so far; the set only grows.
    package var regions: Set<RegionName>

    /// Marks regions of an account.
    package init(account: AccountID, regions: Set<RegionName>) {
        self.account = account
        self.regions = regions
    }
}
