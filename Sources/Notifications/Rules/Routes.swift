package import Domain

/// Chooses the room of a notification: the first matching route decides, and without a match the default room.
package struct Routes: Hashable, Sendable {
    /// One route; a pattern that is not given matches everything.
    package struct Route: Hashable, Sendable {
        /// The chat's name of the room.
        package var room: String
        /// Matches the 12-digit account id.
        package var account: Glob
        /// Matches the path of the account's organizational unit, such as `/Prod/Payments`.
        ///
        /// An unknown path is matched by `*` only.
        package var organizationalUnit: Glob
        /// Matches the repository's name; a notification about a whole account is matched by `*` only.
        package var repository: Glob

        /// Routes to `room` if all three patterns match.
        package init(
            room: String,
            account: Glob = Glob("*"),
            organizationalUnit: Glob = Glob("*"),
            repository: Glob = Glob("*")
        ) {
            self.room = room
            self.account = account
            self.organizationalUnit = organizationalUnit
            self.repository = repository
        }

        fileprivate func fits(_ account: AccountID, _ unit: String?, _ repository: String?) -> Bool {
            let fitsRepository = repository.map(self.repository.matches) ?? (self.repository.description == "*")
            let fitsUnit = unit.map(organizationalUnit.fits(unit:)) ?? organizationalUnit.matches("")
            return fitsRepository && fitsUnit && self.account.matches(account.rawValue)
        }
    }

    /// The routes in the order in which they are tried.
    package var routes: [Route]
    /// The room if no route matches; nil where no chat is configured, and then nothing is announced at all.
    package var defaultRoom: String?

    /// Routes in the order of `routes`.
    package init(_ routes: [Route] = [], defaultRoom: String?) {
        self.routes = routes
        self.defaultRoom = defaultRoom
    }

    /// Whether a route needs organizational units, which cost calls to read.
    package var namesUnits: Bool { routes.contains { $0.organizationalUnit.description != "*" } }

    /// The room for a repository whose account is in the unit with the path `unit`; nil where no chat is configured.
    package func room(for repository: RepositoryReference, unit: String?) -> String? {
        room(repository.registry.account, unit, repository.name.rawValue)
    }

    /// The room for a whole account; routes with a repository pattern do not match.
    package func room(for account: AccountID, unit: String?) -> String? { room(account, unit, nil) }

    private func room(_ account: AccountID, _ unit: String?, _ repository: String?) -> String? {
        guard let defaultRoom else { return nil }
        return routes.first { $0.fits(account, unit, repository) }?.room ?? defaultRoom
    }
}
