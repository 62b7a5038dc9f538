internal import Domain
internal import JSON

/// Writes `findings.json` in the seed's own shape, so that its dashboards keep working.
///
/// Judged images only, one entry per tag, an untagged image once with an empty tag. The members' order differs from the
/// seed's, because the counts of the vulnerabilities are known only after the last image.
struct SeedReport {
    private var document: DocumentWriter
    private var repository: RepositoryName?

    init() throws {
        document = try DocumentWriter(name: "findings.json")
        document.json.beginObject()
        document.json.key("accounts")
        document.json.beginArray()
    }

    mutating func begin(_ account: Account) {
        document.json.beginObject()
        document.json.member("account_name", account.name.isEmpty ? account.id.rawValue : account.name)
        document.json.member("account_id", account.id.rawValue)
        document.json.key("regions")
        document.json.beginArray()
    }

    mutating func begin(_ region: RegionName) {
        document.json.beginObject()
        document.json.member("region", region.rawValue)
        document.json.key("repositories")
        document.json.beginArray()
    }

    /// Writes the image's entries; `vulnerabilities` are its sorted ids.
    mutating func add(_ image: Image, vulnerabilities: [String]) {
        begin(image.place.repository.name)
        for tag in Self.tags(of: image) {
            document.json.object { json in
                json.member("tag", tag)
                json.member("digest", image.place.digest.rawValue)
                json.array("cves", vulnerabilities) { $0.string($1) }
            }
        }
        document.flush()
    }

    mutating func endRegion() {
        endRepository()
        endList()
    }

    mutating func endAccount() { endList() }

    /// The entries that an image has: one per tag, and one without a tag where it has none.
    static func tags(of image: Image) -> [String] { image.tags.isEmpty ? [""] : image.tags }

    mutating func beginVulnerabilities() {
        document.json.endArray()
        document.json.key("vulnerabilities")
        document.json.beginObject()
    }

    /// Writes one vulnerability; `known` is nil where nothing but its occurrences is known.
    mutating func add(_ id: String, _ occurrence: Occurrences.Entry, known: Vulnerability?) {
        document.json.object(id) { json in
            json.object("cve") { json in
                json.array("Attributes", known?.attributes ?? []) { json, attribute in
                    json.object { json in
                        json.member("Key", attribute.key)
                        json.member("Value", attribute.value)
                    }
                }
                json.member("Description", known?.description ?? known?.title ?? "")
                json.member("Name", id)
                json.member("Severity", occurrence.worst.rawValue)
                json.member("Uri", known?.link ?? "")
            }
            json.member("count", occurrence.entries)
        }
        document.flush()
    }

    mutating func finish(updatedAt: Double) -> ReportDocument {
        document.json.endObject()
        document.json.member("updated_at", ReportTime(secondsSince1970: updatedAt).seed)
        document.json.endObject()
        return document.finish()
    }

    private mutating func begin(_ name: RepositoryName) {
        guard name != repository else { return }
        endRepository()
        repository = name
        document.json.beginObject()
        document.json.member("name", name.rawValue)
        document.json.key("images")
        document.json.beginArray()
    }

    private mutating func endRepository() {
        if repository != nil { endList() }
        repository = nil
    }

    private mutating func endList() {
        document.json.endArray()
        document.json.endObject()
    }
}
