internal import Domain
internal import FindingStore
internal import FleetRoles
internal import JSON
internal import Support

/// Something that could not be judged, wherever in the organization it is.
struct Gap: Hashable, Sendable {
    /// `account`, `registry`, `repository`, `scan` or `image`.
    var kind: String
    /// From the account down to the digest, as far as it goes.
    var place: String
    /// What a person knows it by: an account's name, or an image's tags.
    var names: [String] = []
    var coverage: Coverage

    /// One line for a person.
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

/// What the table says could not be judged.
struct GapListing: Sendable {
    let store: FindingStore

    /// Accounts and registries that cannot be looked into.
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

    /// Repositories that jobs were refused, of those that are `wanted`.
    func repositories(_ wanted: @Sendable (RepositoryReference) -> Bool = { _ in true }) async throws -> [Gap] {
        let registries = try await store.registries().map(\.registry)
        let all = try await registries.mapConcurrently(limit: 16) { [store] in try await store.repositories(in: $0) }
        return all.joined().filter { wanted($0.place) }.flatMap(\.gaps)
    }

    /// Hands over every image that is not judged; the whole table is read for it.
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
