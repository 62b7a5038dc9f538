internal import Compression
internal import Domain
internal import JSON

/// `index.json`: the counts of the whole organization, and every image, repository, registry and account that could not
/// be judged, with the reason, so that a missing entry is never mistaken for a clean one.
struct IndexReport {
    static let name = "index.json"
    var document: DocumentWriter
    private(set) var organization = CoverageCounts()
    private var account = CoverageCounts()
    private var obstacles = 0

    init(organization: String, generatedAt: Double, sweeps: [SweepState]) throws {
        document = try DocumentWriter()
        document.json.beginObject()
        document.json.member("version", 1)
        document.json.member("organization", organization)
        document.json.member("generated_at", time: generatedAt)
        document.json.array("sweeps", sweeps) { json, sweep in json.object { sweep.write(to: &$0) } }
        document.json.key("accounts")
        document.json.beginArray()
    }

    mutating func begin(_ judged: AccountStatus) {
        document.json.beginObject()
        document.json.member("id", judged.account.id.rawValue)
        document.json.member("name", judged.account.name)
        document.json.member("state", judged.account.state.rawValue)
        if let unit = judged.account.organizationalUnit { document.json.member("organizational_unit", unit) }
        write(judged.obstacle)
        document.json.key("regions")
        document.json.beginArray()
    }

    mutating func begin(_ judged: RegistryStatus, file: String) {
        document.json.beginObject()
        document.json.member("region", judged.registry.region.rawValue)
        document.json.member("scan_type", judged.scanType)
        document.json.member("file", file)
        write(judged.obstacle)
        document.json.key("repositories")
        document.json.beginArray()
    }

    mutating func endRegion(_ totals: RegistryTotals) {
        document.seal(totals.index)
        document.json.endArray()
        totals.tally.write(to: &document.json)
        document.json.endObject()
        account.add(totals.tally)
        obstacles += totals.obstacles
    }

    mutating func endAccount() {
        document.json.endArray()
        account.write(to: &document.json)
        document.json.endObject()
        organization.add(account)
        account = CoverageCounts()
    }

    mutating func finish(vulnerabilities: Int, newest: NewestCritical) {
        document.json.endArray()
        organization.write(to: &document.json)
        newest.write(to: &document.json)
        document.json.member("vulnerabilities", vulnerabilities)
        document.json.member("obstacles", obstacles)
        document.json.endObject()
        document.finish()
    }

    private mutating func write(_ obstacle: Coverage?) {
        document.json.write(obstacle)
        if obstacle != nil { obstacles += 1 }
    }
}

extension SweepState {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("id", id.rawValue)
        json.member("kind", id.kind?.rawValue)
        json.member("total", total)
        json.member("done", done)
        json.member("dead", dead)
        json.member("cancelled", cancelled)
        json.member("complete", isComplete)
        json.member("completed_at", time: completedAt)
        json.key("completeness")
        guard let completeness else { return json.null() }
        json.object { completeness.write(to: &$0) }
    }
}

extension SweepCompleteness {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("verdict", verdict.rawValue)
        json.member("ratio", ratio)
        json.member("images", images)
        json.member("gaps", gaps)
        json.member("refused_places", refusedPlaces)
        json.member("refused_repositories", refusedRepositories)
        json.object("coverage") { json in
            for state in Coverage.State.allCases {
                if let count = states[state] { json.member(state.rawValue, count) }
            }
        }
    }
}
