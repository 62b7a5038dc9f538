/// One account's ECR in one region.
struct SimulatedRegistry: Sendable {
    var account: String
    var region: String
    var isEnhanced: Bool
    /// Sorted by name.
    private(set) var repositories: [SimulatedRepository]

    init(account: String, region: String, isEnhanced: Bool, repositories: [SimulatedRepository]) {
        self.account = account
        self.region = region
        self.isEnhanced = isEnhanced
        self.repositories = repositories.sorted { $0.name < $1.name }
    }

    /// Where the repository stands, or would stand.
    func position(of name: String) -> (index: Int, found: Bool) {
        var low = 0
        var high = repositories.count
        while low < high {
            let middle = (low + high) / 2
            if repositories[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return (low, low < repositories.count && repositories[low].name == name)
    }

    mutating func delete(repository name: String) { repositories.removeAll { $0.name == name } }

    mutating func update<Result>(
        _ position: Int,
        _ change: (inout SimulatedRepository) throws -> Result
    ) rethrows -> Result {
        try change(&repositories[position])
    }
}

extension SimulatedRegistry {
    /// Which repositories Inspector watches, as a wildcard filter; everything beneath `scratch/` is left out.
    static let enhancedFilters = ["platform/*", "team/*"]

    func isWatched(_ repository: String) -> Bool {
        Self.enhancedFilters.contains { repository.hasPrefix($0.dropLast()) }
    }
}
