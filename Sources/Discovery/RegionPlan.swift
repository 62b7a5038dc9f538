package import Domain

/// Decides from a scope and an account's own list which of its regions are looked at.
package struct RegionPlan: Hashable, Sendable {
    /// To be looked at, sorted.
    package var enabled: [RegionName]
    /// Asked for by name, but switched off in the account, sorted.
    package var off: [RegionName]

    /// `states` is what the account says of its regions, in AWS' words; nil where it may not be asked, and then a list is
    /// taken as it stands.
    package init(_ regions: DiscoveryScope.Regions, states: [RegionName: String]?) {
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

    private static func isEnabled(_ state: String) -> Bool { state == "ENABLED" || state == "ENABLED_BY_DEFAULT" }
}
