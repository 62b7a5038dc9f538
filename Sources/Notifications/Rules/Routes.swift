package import Domain

/// Which room hears of what: the first route that fits decides, and what none fits goes to the common room.
package struct Routes: Hashable, Sendable {
    /// One rule; a part that is not given fits everything.
    package struct Route: Hashable, Sendable {
        package var room: String
        package var account: Glob
        /// Fits the path of the account's organizational unit, such as `/Prod/Payments`; where the path is not known,
        /// only `*` fits.
        package var organizationalUnit: Glob
        package var repository: Glob

        /// Sends what fits all parts to `room`.
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

    package var routes: [Route]
    /// Where everything else goes; nil where there is no chat, and then nothing is told at all.
    package var defaultRoom: String?

    /// Takes the routes in the order in which they are tried.
    package init(_ routes: [Route] = [], defaultRoom: String?) {
        self.routes = routes
        self.defaultRoom = defaultRoom
    }

    /// Whether a route asks for the organizational unit, which costs calls to find out.
    package var namesUnits: Bool { routes.contains { $0.organizationalUnit.description != "*" } }

    /// The room for the news of a repository, in an account of the unit `unit`.
    package func room(for repository: RepositoryReference, unit: String?) -> String? {
        room(repository.registry.account, unit, repository.name.rawValue)
    }

    /// The room for the news of a whole account; routes for some repositories only do not count.
    package func room(for account: AccountID, unit: String?) -> String? { room(account, unit, nil) }

    private func room(_ account: AccountID, _ unit: String?, _ repository: String?) -> String? {
        guard let defaultRoom else { return nil }
        return routes.first { $0.fits(account, unit, repository) }?.room ?? defaultRoom
    }
}
