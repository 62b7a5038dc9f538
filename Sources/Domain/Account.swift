/// A member account as AWS Organizations lists it.
package struct Account: Hashable, Sendable {
    /// The account's life in the organization; `State`, not the retired `Status`, tells it.
    package struct State: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        /// Keeps a state that AWS may add later.
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let active = State(rawValue: "ACTIVE")
        package static let suspended = State(rawValue: "SUSPENDED")
        package static let closed = State(rawValue: "CLOSED")
    }

    package var id: AccountID
    package var name: String
    package var state: State
    /// The path of its organizational unit, such as `/Prod/Payments`; the root's is `/`, and nil where nothing asked.
    package var organizationalUnit: String?

    /// Describes one account.
    package init(id: AccountID, name: String, state: State, organizationalUnit: String? = nil) {
        self.id = id
        self.name = name
        self.state = state
        self.organizationalUnit = organizationalUnit
    }
}
