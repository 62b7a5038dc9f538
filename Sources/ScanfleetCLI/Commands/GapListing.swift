internal import Domain
internal import FindingStore
internal import FleetRoles
internal import JSON
internal import Support

/// An account, registry, repository or image without a scan result, and the reason.
struct Gap: Hashable, Sendable {
    /// `account`, `registry`, `repository`, `scan` or `image`.
    var kind: String
    /// The account, then region, repository and digest as far as the kind has them.
    var place: String
    /// An account's name or an image's tags; empty for the other kinds.
    var names: [String] = []
    var coverage: Coverage

    /// Place, names, state, reason and time in one line.
    var line: String {
        let known = names.isEmpty ? "" : " (" + names.joined(separator: ", ") + ")"
        let time = coverage.at.map { " since " + UTCTime(seconds: Int($0)).text } ?? ""
        let verb = kind == "scan" ? " scans not started" : ""
        return "\(kind == "account" ? "account " : "")\(place)\(known)".printable + "\(verb): \(coverage.line)\(time)"
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("kind", kind)
            json.member("place", place)
            json.array("names", names) { $0.string($1) }
            json.member("state", coverage.state.rawValue)
            json.member("reason", coverage.reason)
            json.member("at", coverage.at)
        }
    }
}

/// Reads the gaps from the table.
struct GapListing: Sendable {
    let store: FindingStore

    /// Returns the accounts and registries that could not be read.
    func places() async throws -> [Gap] {
        let accounts = try await store.accounts().compactMap { account in
            account.obstacle.map {
                Gap(kind: "account", place: "\(account.account.id)", names: [account.account.name], coverage: $0)
            }
        }
        let registries = try await store.registries().compactMap { registry in
            registry.obstacle.map { Gap(kind: "registry", place: "\(registry.registry)", coverage: $0) }
        }
        return accounts + registries
    }

    /// Returns those of the `wanted` repositories that could not be read, or whose scans could not be started.
    func repositories(_ wanted: @Sendable (RepositoryReference) -> Bool = { _ in true }) async throws -> [Gap] {
        let registries = try await store.registries().map(\.registry)
        let all = try await registries.mapConcurrently(limit: 16) { [store] in try await store.repositories(in: $0) }
        return all.joined().filter { wanted($0.place) }.flatMap(\.gaps)
    }

    /// Calls `show` for every image that is not judged; this reads the whole table.
    func eachImage(_ show: (Gap) -> Void) async throws {
        for registry in try await store.registries() {
            for try await stored in store.images(in: registry.registry) where !stored.status.coverage.isJudged {
                let tags = stored.status.image.tags
                show(Gap(kind: "image", place: "\(stored.place)", names: tags, coverage: stored.status.coverage))
            }
        }
    }
}

extension RepositoryStatus {
    fileprivate var gaps: [Gap] {
        [("repository", obstacle), ("scan", scanObstacle)].compactMap { kind, obstacle in
            obstacle.map { Gap(kind: kind, place: "\(place)", coverage: $0) }
        }
    }
}
