internal import Compression
internal import Domain
internal import JSON

/// One registry's repositories in `findings.json`.
///
/// Only judged images are listed: one entry per tag, or one with an empty tag for an untagged image.
struct LegacyReportPiece {
    var piece: PieceWriter
    private var repository: RepositoryName?

    init() throws { piece = try PieceWriter() }

    /// Writes the image's entries; `vulnerabilities` are its sorted ids.
    mutating func add(_ image: Image, vulnerabilities: [String]) {
        begin(image.place.repository.name)
        for tag in Self.tags(of: image) {
            piece.json.object { json in
                json.member("tag", tag)
                json.member("digest", image.place.digest.rawValue)
                json.array("cves", vulnerabilities) { $0.string($1) }
            }
        }
    }

    mutating func finish() -> [UInt8] {
        endRepository()
        return piece.finish()
    }

    /// The tags of an image's entries: one entry per tag, or one with an empty tag.
    static func tags(of image: Image) -> [String] { image.tags.isEmpty ? [""] : image.tags }

    private mutating func begin(_ name: RepositoryName) {
        guard name != repository else { return }
        endRepository()
        repository = name
        piece.json.beginObject()
        piece.json.member("name", name.rawValue)
        piece.json.key("images")
        piece.json.beginArray()
    }

    private mutating func endRepository() {
        guard repository != nil else { return }
        repository = nil
        piece.json.endArray()
        piece.json.endObject()
    }
}

/// Writes `findings.json` in the format of ecr-findings-aggregator (the seed), so that its dashboards keep working.
///
/// The order of the members differs, because the counts of the vulnerabilities are known only after the last image.
struct LegacyReport {
    static let name = "findings.json"
    var document: DocumentWriter

    init() throws {
        document = try DocumentWriter()
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

    mutating func endRegion(_ seal: StreamChecksum) {
        document.seal(seal)
        endList()
    }

    mutating func endAccount() { endList() }

    mutating func beginVulnerabilities() {
        document.json.endArray()
        document.json.key("vulnerabilities")
        document.json.beginObject()
    }

    /// Writes one vulnerability; `known` is nil if only its occurrences are known.
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

    mutating func finish(updatedAt: Double) {
        document.json.endObject()
        document.json.member("updated_at", ReportTime(secondsSince1970: updatedAt).legacy)
        document.json.endObject()
        document.finish()
    }

    private mutating func endList() {
        document.json.endArray()
        document.json.endObject()
    }
}
