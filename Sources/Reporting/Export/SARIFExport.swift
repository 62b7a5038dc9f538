internal import AWSCore
internal import Cryptography
package import Domain
internal import JSON

/// SARIF 2.1.0: one run, a rule per vulnerability and a result per finding.
///
/// The rules come after the results, which JSON allows, because all rules are known only then.
package struct SARIFExport: FindingExport {
    package static var announcesVulnerabilities: Bool { true }

    private var json = JSONWriter()
    /// Rules in the order of their first findings.
    private var rules: [Rule] = []
    private var indices: [String: Int] = [:]

    fileprivate struct Rule {
        var id: String
        var title: String?
        var link: String?
        var score: Double?
    }

    private static let schema = "https://json.schemastore.org/sarif-2.1.0.json"
    private let version: String

    /// Begins the run; `version` is the tool's version.
    package init(version: String) {
        self.version = version
        json.beginObject()
        json.member("$schema", Self.schema)
        json.member("version", "2.1.0")
        json.key("runs")
        json.beginArray()
        json.beginObject()
        json.key("results")
        json.beginArray()
    }

    package mutating func add(_ image: ImageStatus, account: Account, known: [String: Vulnerability]) {
        for finding in image.findings {
            let index = rule(of: finding, known[finding.key.vulnerability])
            write(finding, rule: index, in: image)
        }
    }

    package mutating func finish() {
        json.endArray()
        let (rules, version) = (rules, version)
        json.object("tool") { json in
            json.object("driver") { json in
                json.member("name", "scanfleet")
                json.member("version", version)
                json.array("rules", rules) { json, rule in json.object { rule.write(to: &$0) } }
            }
        }
        json.endObject()
        json.endArray()
        json.endObject()
    }

    package mutating func drain() -> [UInt8] { json.drain() }

    private mutating func rule(of finding: Finding, _ known: Vulnerability?) -> Int {
        let id = finding.key.vulnerability
        if let index = indices[id] {
            if let score = finding.score { rules[index].score = max(rules[index].score ?? score, score) }
            return index
        }
        indices[id] = rules.count
        rules.append(Rule(id: id, title: known?.title, link: known?.link, score: finding.score))
        return rules.count - 1
    }

    private mutating func write(_ finding: Finding, rule index: Int, in image: ImageStatus) {
        let place = image.image.place
        let package = finding.key.package.isEmpty ? "a package" : "\(finding.key.package) \(finding.key.version)"
        let fix = finding.fixedVersion.map { ", fixed in \($0)" } ?? ""
        let text = "\(finding.key.vulnerability) (\(finding.severity)) in \(package)\(fix)"
        json.object { json in
            json.member("ruleId", finding.key.vulnerability)
            json.member("ruleIndex", index)
            json.member("level", finding.severity.sarifLevel)
            json.object("message") { $0.member("text", text) }
            json.array("locations", [place.uri]) { json, uri in
                json.object { json in
                    json.object("physicalLocation") { json in
                        json.object("artifactLocation") { $0.member("uri", uri) }
                    }
                }
            }
            json.object("partialFingerprints") { $0.member("scanfleet/v1", FindingIdentity.of(finding, in: place)) }
            json.object("properties") { json in
                json.member("severity", finding.severity.rawValue)
                json.array("tags", image.image.tags) { $0.string($1) }
            }
        }
    }
}

extension SARIFExport.Rule {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.object("shortDescription") { $0.member("text", title.flatMap { $0.isEmpty ? nil : $0 } ?? id) }
        if let link, link.hasPrefix("https://") || link.hasPrefix("http://") { json.member("helpUri", link) }
        // Code scanning services sort by this property.
        if let score { json.object("properties") { $0.member("security-severity", "\(score)") } }
    }
}

extension Severity {
    fileprivate var sarifLevel: String {
        switch rank {
        case 4...: "error"
        case 3: "warning"
        default: "note"
        }
    }
}

extension ImageReference {
    /// The image's address in the form that registry clients use.
    var uri: String {
        let registry = repository.registry
        let domain = AWSPartition(region: registry.region.rawValue)?.dnsSuffix ?? "amazonaws.com"
        return "oci://\(registry.account).dkr.ecr.\(registry.region).\(domain)/\(repository.name)@\(digest)"
    }
}

/// A hash that identifies the same finding in every export.
enum FindingIdentity {
    static func of(_ finding: Finding, in place: ImageReference) -> String {
        let key = finding.key
        let parts = [place.description, key.vulnerability, key.package, key.version]
        // Lengths keep two different lists of parts from reading the same.
        return Hexadecimal.encode(SHA256.hash(Array(parts.map { "\($0.utf8.count):\($0)" }.joined().utf8)))
    }
}
