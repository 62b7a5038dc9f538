internal import Domain

/// One pass over the images of a registry: each goes to the registry's own file and to its part of the others.
struct RegistryPass {
    var region: RegionReport
    var part: RegistryPart
    private var changes = DayChanges()
    private let now: Double

    /// How many days a file tells the changes of; the history has them all.
    private static let daysKept = 8

    init(_ registry: Registry, repositories: [JudgedRepository], fingerprint: String, now: Double) throws {
        region = try RegionReport(registry)
        part = try RegistryPart(repositories: repositories, fingerprint: fingerprint)
        self.now = now
    }

    mutating func add(_ image: JudgedImage, known: KnownImage?) {
        let ages = FindingAges(of: image, after: known, now: now)
        changes.add(ages.changes)
        region.add(image, ages)
        part.add(image)
    }

    /// Ends both files; `earlier` is what the last file counted by day, nil where there was none, so that nothing is known to
    /// be new.
    mutating func finish(earlier: [String: DayChanges]?) throws {
        var days = earlier ?? [:]
        if earlier != nil && changes != DayChanges() {
            days[ReportTime(secondsSince1970: now).day, default: DayChanges()].add(changes)
        }
        let kept = days.sorted { $0.key < $1.key }.suffix(Self.daysKept)
        let latest = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
        region.finish(changes: latest)
        try part.finish(changes: latest)
    }
}
