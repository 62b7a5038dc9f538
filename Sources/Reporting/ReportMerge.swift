internal import Domain

/// Merges the segments of all registries into the files of the whole organization.
struct ReportMerge {
    var legacy: LegacyReport
    var index: IndexReport
    var vulnerabilities: VulnerabilityReport
    var summary = ReportSummary()
    private(set) var occurrences = Occurrences()
    private var newest = NewestCritical()
    private var changes: [String: DayChanges] = [:]
    private var registries = 0
    let generatedAt: Double

    init(organization: String, generatedAt: Double, sweeps: [SweepState], registries: [Registry]) throws {
        self.generatedAt = generatedAt
        legacy = try LegacyReport()
        index = try IndexReport(organization: organization, generatedAt: generatedAt, sweeps: sweeps)
        vulnerabilities = try VulnerabilityReport(generatedAt: generatedAt, registries: registries)
    }

    mutating func begin(_ account: AccountStatus) {
        legacy.begin(account.account)
        index.begin(account)
    }

    mutating func begin(_ judged: RegistryStatus) {
        legacy.begin(judged.registry.region)
        index.begin(judged, file: RegionReport.name(of: judged.registry))
    }

    /// Adds one frame of the open registry's segment.
    ///
    /// - Returns: whether it was the last.
    mutating func take<Reader>(_ content: PartReader<Reader>.Content) throws -> Bool {
        switch content {
        case .rows, .chunk: break
        case .legacy(let bytes): legacy.document.join(bytes)
        case .index(let bytes): index.document.join(bytes)
        case .vulnerabilities(let rows): try occurrences.add(rows: rows, registry: registries)
        case .totals(let totals):
            end(totals)
            return true
        }
        return false
    }

    mutating func endAccount() {
        legacy.endAccount()
        index.endAccount()
    }

    mutating func add(_ id: String, known: Vulnerability?) {
        guard let occurrence = occurrences.byID[id] else { return }
        legacy.add(id, occurrence, known: known)
        vulnerabilities.add(id, occurrence, known: known)
        newest.add(id, occurrence, known: known)
    }

    /// Ends the files.
    mutating func finish() {
        vulnerabilities.finish()
        legacy.finish(updatedAt: generatedAt)
        index.finish(vulnerabilities: occurrences.byID.count, newest: newest)
    }

    /// This report's totals, for the history.
    var today: HistoryReport.Note {
        HistoryReport.Note(
            day: ReportTime(secondsSince1970: generatedAt).day,
            tally: index.organization,
            vulnerabilities: occurrences.byID.count,
            changes: changes
        )
    }

    private mutating func end(_ totals: RegistryTotals) {
        legacy.endRegion(totals.legacy)
        index.endRegion(totals)
        for (day, counts) in totals.changes { changes[day, default: DayChanges()].add(counts) }
        summary.images += totals.tally.images
        summary.judged += totals.tally.judged
        registries += 1
    }
}
