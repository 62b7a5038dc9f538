package import Domain

/// Decides from a scope and an account's own list which of its regions are looked at.
package struct RegionPlan: Hashable, Sendable {
    /// To be looked at, sorted.
    package var enabled: [RegionName]
    /// Asked for by name, but switched off in the account, sorted.
    package var off: [RegionName]
    /// Whether the account itself says that the enabled ones are.
    package var isConfirmed: Bool
    private let regions: DiscoveryScope.Regions

    /// `states` is what the account says of its regions, in AWS' words; nil where it may not be asked, and then a list is
    /// taken as it stands.
    package init(_ regions: DiscoveryScope.Regions, states: [RegionName: String]?) {
        self.regions = regions
        isConfirmed = states != nil
        switch regions {
        case .automatic:
            enabled = (states ?? [:]).filter { Self.isEnabled($0.value) }.keys.sorted()
            off = []
        case .listed(let names):
            let isOff = { (name: RegionName) in
                guard let states else { return false }
                return !Self.isEnabled(states[name] ?? "UNKNOWN")
            }
            off = names.filter(isOff).sorted()
            enabled = names.filter { !isOff($0) }.sorted()
        }
    }

    /// Why a region is not looked at any more that once was; nil where it is.
    package func removal(of region: RegionName) -> Coverage? {
        guard !enabled.contains(region), !off.contains(region) else { return nil }
        return switch regions {
        case .automatic: Self.switchedOff
        case .listed: Coverage(.outOfScope, reason: "the configuration leaves the region out")
        }
    }

    /// What is said of a region that is off.
    package static let switchedOff = Coverage(.regionOff, reason: "the region is switched off in the account")

    private static func isEnabled(_ state: String) -> Bool { state == "ENABLED" || state == "ENABLED_BY_DEFAULT" }
}
