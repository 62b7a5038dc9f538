package import Domain

/// Decides from a scope and an account's own region list which regions are scanned.
package struct RegionPlan: Hashable, Sendable {
    /// Regions to be scanned, sorted.
    package var enabled: [RegionName]
    /// Regions that the scope lists but the account has not enabled, sorted.
    package var off: [RegionName]
    /// Whether `enabled` was checked against the account's own region list.
    package var isConfirmed: Bool
    private let regions: DiscoveryScope.Regions

    /// Plans from `states`, the account's own region list in AWS' words.
    ///
    /// `states` is nil if the account may not be asked; a configured list is then used unchecked.
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

    /// Why a region that was scanned earlier is no longer scanned; nil if the plan covers it.
    package func removal(of region: RegionName) -> Coverage? {
        guard !enabled.contains(region), !off.contains(region) else { return nil }
        return switch regions {
        case .automatic: Self.switchedOff
        case .listed: Coverage(.outOfScope, reason: "the configuration leaves the region out")
        }
    }

    /// The coverage recorded for a region that the account has not enabled.
    package static let switchedOff = Coverage(.regionOff, reason: "the region is switched off in the account")

    private static func isEnabled(_ state: String) -> Bool { state == "ENABLED" || state == "ENABLED_BY_DEFAULT" }
}
