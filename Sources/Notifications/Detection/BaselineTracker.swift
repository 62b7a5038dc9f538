internal import Domain
internal import FindingStore

/// The registries that were summarised, and those whose summary is pending.
struct BaselineTracker {
    private var marked: [AccountID: Set<RegionName>] = [:]
    /// Registries that have images and no marker.
    private(set) var wanted: Set<Registry> = []

    init(_ markers: [BaselineMarker] = []) {
        for marker in markers { marked[marker.account] = marker.regions }
    }

    var isEmpty: Bool { marked.isEmpty }

    /// All summarised registries, sorted.
    var registries: [Registry] {
        marked.flatMap { account, regions in regions.map { Registry(account: account, region: $0) } }.sorted()
    }

    func isMarked(_ registry: Registry) -> Bool { marked[registry.account]?.contains(registry.region) ?? false }

    mutating func want(_ registry: Registry) {
        if !isMarked(registry) { wanted.insert(registry) }
    }

    /// Takes the pending registries, by account; a registry that is not marked afterwards is pending again after its
    /// next change.
    mutating func takeWanted() -> [(AccountID, [Registry])] {
        defer { wanted = [] }
        let accounts = Dictionary(grouping: wanted, by: \.account).sorted { $0.key < $1.key }
        return accounts.map { ($0.key, $0.value.sorted()) }
    }

    /// The account's marker once these regions are summarised too.
    func marker(for account: AccountID, adding regions: [RegionName]) -> BaselineMarker {
        BaselineMarker(account: account, regions: marked[account, default: []].union(regions))
    }

    /// Adds the regions of a marker; regions are never removed, so that a stale read does no harm.
    mutating func didMark(_ marker: BaselineMarker) {
        marked[marker.account, default: []].formUnion(marker.regions)
        wanted = wanted.filter { !isMarked($0) }
    }
}
