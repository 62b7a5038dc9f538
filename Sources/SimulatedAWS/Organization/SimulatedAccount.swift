/// One account of the organization.
struct SimulatedAccount: Sendable {
    var id: String
    var name: String
    /// `ACTIVE` or `SUSPENDED`.
    var state = "ACTIVE"
    /// Answers only the retired member `Status`.
    var answersStatusOnly = false
    var refusesRole = false
    /// The path of its organizational unit.
    var unit = "/"
    var tags: [String: String] = [:]
    /// Opt-in status by region, in the order of listing.
    var regions: [(name: String, status: String)]
    var registries: [String: SimulatedRegistry] = [:]

    func isOn(_ region: String) -> Bool {
        regions.contains { $0.name == region && $0.status.hasPrefix("ENABLED") }
    }

    /// What keeps everybody out, in the words of the fleet's coverage states.
    var obstacle: String? {
        if state != "ACTIVE" { return "account_inactive" }
        return refusesRole ? "access_denied" : nil
    }
}
