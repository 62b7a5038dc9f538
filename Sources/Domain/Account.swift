/// A member account as AWS Organizations lists it.
package struct Account: Hashable, Sendable {
    /// AWS Organizations' `State` field of the account; AWS has retired the older `Status` field.
    package struct State: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        /// Accepts any word, so that a state which AWS adds later is kept.
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The only state in which scanfleet reads the account.
        package static let active = State(rawValue: "ACTIVE")
        /// AWS has suspended the account; discovery records this instead of reading it.
        package static let suspended = State(rawValue: "SUSPENDED")
        /// The account was closed; AWS lists it for a while longer.
        package static let closed = State(rawValue: "CLOSED")
    }

    /// The account's key in AWS, in the store and in the report.
    package var id: AccountID
    /// The display name in AWS Organizations; it may change, and two accounts may share it.
    package var name: String
    /// The state when the organization was last listed.
    package var state: State
    /// Path of the organizational unit, such as `/Prod/Payments`; `/` is the root, nil means that it was not read.
    package var organizationalUnit: String?

    /// Describes one account.
    package init(id: AccountID, name: String, state: State, organizationalUnit: String? = nil) {
        self.id = id
        self.name = name
        self.state = state
        self.organizationalUnit = organizationalUnit
    }
}
