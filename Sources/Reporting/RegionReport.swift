internal import Domain
internal import JSON

/// `<account>/<region>.json`: every image of one registry, with its findings as rows in the order that `fields` names.
struct RegionReport {
    private var document: DocumentWriter
    private var repository: RepositoryName?

    private static let fields = ["id", "severity", "package", "version", "fixed_version", "score"]

    static func name(of registry: Registry) -> String { "\(registry.account)/\(registry.region).json" }

    init(_ registry: Registry) throws {
        document = try DocumentWriter(name: Self.name(of: registry))
        document.json.beginObject()
        document.json.member("account", registry.account.rawValue)
        document.json.member("region", registry.region.rawValue)
        document.json.array("fields", Self.fields) { $0.string($1) }
        document.json.key("repositories")
        document.json.beginArray()
    }

    mutating func add(_ judged: JudgedImage) {
        begin(judged.image.place.repository.name)
        document.json.object { json in
            json.member("digest", judged.image.place.digest.rawValue)
            json.array("tags", judged.image.tags) { $0.string($1) }
            json.member("pushed_at", time: judged.image.pushedAt)
            json.object("coverage") { judged.coverage.write(to: &$0) }
            json.array("findings", judged.findings) { $1.write(to: &$0) }
        }
        document.flush()
    }

    mutating func finish() -> ReportDocument {
        endRepository()
        document.json.endArray()
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
        guard repository != nil else { return }
        repository = nil
        document.json.endArray()
        document.json.endObject()
    }
}

extension Finding {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginArray()
        for text in [key.vulnerability, severity.rawValue, key.package, key.version] { json.string(text) }
        if let fixedVersion { json.string(fixedVersion) } else { json.null() }
        if let score { json.number(score) } else { json.null() }
        json.endArray()
    }
}
