internal import AWSCore
package import Domain
internal import JSON

/// AWS Security Finding Format: each line is one request of Security Hub's BatchImportFindings.
///
/// Findings of different accounts or regions never share a line, because each account imports its own findings in their
/// region.
package struct ASFFExport: FindingExport {
    package static var announcesVulnerabilities: Bool { true }

    private static let mostFindings = 100
    private static let mostTags = 100

    private var json = JSONWriter()
    /// The registry of the open line.
    private var registry: Registry?
    private var count = 0
    private let now: Double

    /// Begins the export; `now`, in seconds since 1970, replaces unknown times.
    package init(now: Double) { self.now = now }

    package mutating func add(_ image: ImageStatus, account: Account, known: [String: Vulnerability]) {
        let own = image.image.place.repository.registry
        for finding in image.findings {
            if count == Self.mostFindings || registry != own { endLine() }
            if count == 0 { beginLine(own) }
            count += 1
            write(finding, known[finding.key.vulnerability], in: image)
        }
    }

    package mutating func finish() { endLine() }

    package mutating func drain() -> [UInt8] { json.drain() }

    private mutating func beginLine(_ own: Registry) {
        registry = own
        json = json.restarted()
        json.beginObject()
        json.key("Findings")
        json.beginArray()
    }

    private mutating func endLine() {
        guard count > 0 else { return }
        json.endArray()
        json.endObject()
        json.newline()
        count = 0
    }

    private mutating func write(_ finding: Finding, _ known: Vulnerability?, in image: ImageStatus) {
        let place = image.image.place
        let registry = place.repository.registry
        let partition = registry.region.partition
        let product =
            "arn:\(partition):securityhub:\(registry.region):\(registry.account):product/\(registry.account)/default"
        let updated = image.coverage.at ?? now
        let title = "\(finding.key.vulnerability) in \(finding.key.package.isEmpty ? "a package" : finding.key.package)"
        let text = [known?.description, known?.title].compactMap { $0?.shortened(to: 1024) }.first { !$0.isEmpty }
        let id = FindingIdentity.of(finding, in: place)
        json.object { json in
            json.member("SchemaVersion", "2018-10-08")
            json.member("Id", "scanfleet/\(id)")
            json.member("ProductArn", product)
            json.member("GeneratorId", "scanfleet")
            json.member("AwsAccountId", registry.account.rawValue)
            json.member("CreatedAt", time: min(known?.firstSeen ?? updated, updated))
            json.member("UpdatedAt", time: updated)
            json.member("Title", title.shortened(to: 256))
            json.member("Description", text ?? title.shortened(to: 1024))
            json.member("RecordState", "ACTIVE")
            if let link = known?.webLink { json.member("SourceUrl", link) }
            // Security Hub reserves Severity and Types for its users; a provider sets its own in this object.
            json.object("FindingProviderFields") { json in
                json.object("Severity") { json in
                    json.member("Label", finding.severity.securityHubLabel)
                    json.member("Original", finding.severity.rawValue)
                }
                json.array("Types", ["Software and Configuration Checks/Vulnerabilities/CVE"]) { $0.string($1) }
            }
            json.array("Resources", [image]) { json, image in Self.write(image, partition, to: &json) }
            json.array("Vulnerabilities", [finding]) { json, finding in json.object { finding.write(to: &$0, known) } }
        }
    }

    private static func write(_ image: ImageStatus, _ partition: String, to json: inout JSONWriter) {
        let place = image.image.place
        let (registry, name) = (place.repository.registry, place.repository.name)
        json.object { json in
            json.member("Type", "AwsEcrContainerImage")
            json.member(
                "Id",
                "arn:\(partition):ecr:\(registry.region):\(registry.account):repository/\(name)/\(place.digest)"
            )
            json.member("Partition", partition)
            json.member("Region", registry.region.rawValue)
            json.object("Details") { json in
                json.object("AwsEcrContainerImage") { json in
                    json.member("RegistryId", registry.account.rawValue)
                    json.member("RepositoryName", name.rawValue)
                    json.member("ImageDigest", place.digest.rawValue)
                    // An image may have 1,000 tags of 300 bytes, and a finding at most 240 KB.
                    json.array("ImageTags", image.image.tags.prefix(mostTags)) { $0.string($1) }
                    if let pushed = image.image.pushedAt { json.member("ImagePublishedAt", time: pushed) }
                }
            }
        }
    }
}

extension Finding {
    /// Writes an entry of `Vulnerabilities`.
    fileprivate func write(to json: inout JSONWriter, _ known: Vulnerability?) {
        json.member("Id", key.vulnerability)
        if !key.package.isEmpty {
            json.array("VulnerablePackages", [self]) { json, finding in
                json.object { json in
                    json.member("Name", finding.key.package)
                    if !finding.key.version.isEmpty { json.member("Version", finding.key.version) }
                    if let fixed = finding.fixedVersion, !fixed.isEmpty { json.member("FixedInVersion", fixed) }
                }
            }
        }
        if let score { json.array("Cvss", [score]) { json, score in json.object { $0.member("BaseScore", score) } } }
        if let link = known?.webLink { json.array("ReferenceUrls", [link]) { $0.string($1) } }
        json.member("FixAvailable", fixedVersion == nil ? "NO" : "YES")
    }
}

extension Vulnerability {
    /// The link, if Security Hub accepts it: http or https, at most 2,048 bytes.
    fileprivate var webLink: String? {
        guard let link, link.hasPrefix("https://") || link.hasPrefix("http://"), link.utf8.count <= 2048 else {
            return nil
        }
        return link
    }
}

extension Severity {
    /// One of the five labels that Security Hub accepts.
    fileprivate var securityHubLabel: String { rank == 0 ? Severity.informational.rawValue : rawValue }
}

extension RegionName {
    /// The partition in the ARNs of the region's resources.
    fileprivate var partition: String {
        AWSPartition(region: rawValue)?.id ?? "aws"
    }
}

extension String {
    /// The text cut to at most `count` bytes; a cut text ends with dots.
    fileprivate func shortened(to count: Int) -> String {
        if utf8.count <= count { return self }
        var short = self[...]
        while short.utf8.count > count - 3 { short.removeLast() }
        return short + "..."
    }
}
