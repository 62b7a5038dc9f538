/// The whole synthetic organization: what the ECR calls answer from, and the truth that tests compare with.
struct Organization: Sendable {
    var accounts: [SimulatedAccount]
    var catalogue: Catalogue
    private let positions: [String: Int]

    init(accounts: [SimulatedAccount], catalogue: Catalogue) {
        self.accounts = accounts
        self.catalogue = catalogue
        positions = Dictionary(uniqueKeysWithValues: accounts.enumerated().map { ($0.element.id, $0.offset) })
    }

    func account(_ id: String) -> SimulatedAccount? { positions[id].map { accounts[$0] } }

    /// Suspends the account; what is in it stays, out of everybody's reach.
    mutating func suspend(_ id: String) {
        if let position = positions[id] { accounts[position].state = "SUSPENDED" }
    }

    /// Changes one registry in place; nil where the account or region has none.
    mutating func update<Result>(
        account: String,
        region: String,
        _ change: (inout SimulatedRegistry) throws -> Result
    ) rethrows -> Result? {
        guard let position = positions[account], let index = accounts[position].registries.index(forKey: region) else {
            return nil
        }
        return try change(&accounts[position].registries.values[index])
    }
}
