internal import Domain
internal import JSON

/// `index.json`: the whole organization in numbers, and every image, repository, registry and account that could not be
/// judged, with the reason, so that absence is never taken for health.
struct IndexReport {
    private var document: DocumentWriter
    private var organization = Tally()
    private var account = Tally()
    private var registry = Tally()
    private var repository: (name: RepositoryName, tally: Tally)?
    /// Of the open registry: those that no image has been seen of yet.
    private var waiting: [RepositoryName: JudgedRepository] = [:]
    private var obstacles = 0

    init(organization: String, generatedAt: Double, sweeps: [SweepState]) throws {
        document = try DocumentWriter(name: "index.json")
        document.json.beginObject()
        document.json.member("version", 1)
        document.json.member("organization", organization)
        document.json.member("generated_at", time: generatedAt)
        document.json.array("sweeps", sweeps) { json, sweep in json.object { sweep.write(to: &$0) } }
        document.json.key("accounts")
        document.json.beginArray()
    }

    mutating func begin(_ judged: JudgedAccount) {
        document.json.beginObject()
        document.json.member("id", judged.account.id.rawValue)
        document.json.member("name", judged.account.name)
        document.json.member("state", judged.account.state.rawValue)
        write(judged.obstacle)
        document.json.key("regions")
        document.json.beginArray()
    }

    mutating func begin(_ judged: JudgedRegistry, repositories: [JudgedRepository], file: String) {
        waiting = Dictionary(repositories.map { ($0.place.name, $0) }, uniquingKeysWith: { first, _ in first })
        document.json.beginObject()
        document.json.member("region", judged.registry.region.rawValue)
        document.json.member("scan_type", judged.scanType)
        document.json.member("file", file)
        write(judged.obstacle)
        document.json.key("repositories")
        document.json.beginArray()
    }

    mutating func add(_ image: JudgedImage) {
        let name = image.image.place.repository.name
        if repository?.name != name {
            endRepository()
            begin(name)
        }
        repository?.tally.add(image)
        if !image.coverage.isJudged { writeGap(image) }
        document.flush()
    }

    mutating func endRegion() {
        endRepository()
        for name in waiting.keys.sorted() {
            begin(name)
            endRepository()
        }
        document.json.endArray()
        registry.write(to: &document.json)
        document.json.endObject()
        account.add(registry)
        registry = Tally()
    }

    mutating func endAccount() {
        document.json.endArray()
        account.write(to: &document.json)
        document.json.endObject()
        organization.add(account)
        account = Tally()
    }

    mutating func finish(vulnerabilities: Int) -> ReportDocument {
        document.json.endArray()
        organization.write(to: &document.json)
        document.json.member("vulnerabilities", vulnerabilities)
        document.json.member("obstacles", obstacles)
        document.json.endObject()
        return document.finish()
    }

    private mutating func begin(_ name: RepositoryName) {
        let known = waiting.removeValue(forKey: name)
        repository = (name, Tally())
        document.json.beginObject()
        document.json.member("name", name.rawValue)
        document.json.member("images_beyond_limit", known?.imagesBeyondLimit ?? 0)
        document.json.member("images_out_of_scope", known?.imagesOutOfScope ?? 0)
        write(known?.obstacle)
        document.json.key("not_judged")
        document.json.beginArray()
    }

    private mutating func endRepository() {
        guard let (_, tally) = repository else { return }
        document.json.endArray()
        tally.write(to: &document.json)
        document.json.endObject()
        registry.add(tally)
        repository = nil
    }

    private mutating func writeGap(_ image: JudgedImage) {
        document.json.object { json in
            json.member("digest", image.image.place.digest.rawValue)
            json.array("tags", image.image.tags) { $0.string($1) }
            image.coverage.write(to: &json)
        }
    }

    private mutating func write(_ obstacle: Coverage?) {
        document.json.key("obstacle")
        guard let obstacle else { return document.json.null() }
        obstacles += 1
        document.json.object { obstacle.write(to: &$0) }
    }
}

extension Coverage {
    /// Writes `state`, `reason` and `at` as members of the object that is open.
    func write(to json: inout JSONWriter) {
        json.member("state", state.rawValue)
        json.member("reason", reason)
        json.member("at", time: at)
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
    }
}
