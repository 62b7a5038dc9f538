internal import Domain
internal import JSON

/// The JSON payload of a notification, sent as `event` for programs and therefore not escaped for a chat.
struct MessagePayload {
    let change: NotificationContent

    /// AWS allows 1,000 tags of 300 characters per image, more than one message can hold; `tag_count` gives the full
    /// number.
    private static let listedTags = 50

    var json: String {
        var json = JSONWriter()
        write(to: &json)
        return String(decoding: json.drain(), as: UTF8.self)
    }

    private func write(to json: inout JSONWriter) {
        json.object { json in
            switch change {
            case .vulnerabilities(let change): Self.write(change, to: &json)
            case .suppression(let notice): Self.write(notice, to: &json)
            case .images(let change): Self.write(change, to: &json)
            case .bulkChange(let change): Self.write(change, to: &json)
            case .baseline(let baseline): Self.write(baseline, to: &json)
            case .gap(let gap): Self.write(gap, to: &json)
            case .access(let change): Self.write(change, to: &json)
            case .scope(let change): Self.write(change, to: &json)
            }
        }
    }

    private static func write(_ change: RepositoryChange, to json: inout JSONWriter) {
        json.member("kind", "images")
        json.member("account", change.place.registry.account.rawValue)
        json.member("account_name", change.accountName)
        json.member("region", change.place.registry.region.rawValue)
        json.member("repository", change.place.name.rawValue)
        json.array("images", change.images) { json, image in json.object { write(image, to: &$0) } }
    }

    private static func write(_ change: BulkImageChange, to json: inout JSONWriter) {
        // The same kind as for one repository, but each image names its repository.
        json.member("kind", "images")
        json.member("account", change.registry.account.rawValue)
        json.member("account_name", change.accountName)
        json.member("region", change.registry.region.rawValue)
        json.array("images", change.images) { json, image in
            json.object { json in
                json.member("repository", image.repository.rawValue)
                write(image.change, to: &json)
            }
        }
    }

    private static func write(_ image: ImageChange, to json: inout JSONWriter) {
        json.member("digest", image.digest.rawValue)
        json.array("tags", image.tags.prefix(listedTags)) { $0.string($1) }
        json.member("tag_count", image.tags.count)
        json.member("revision", image.writeToken)
        json.member("occasion", image.cause.word)
        if let coverage = image.cause.coverage { json.object("coverage") { coverage.write(to: &$0) } }
        if !image.openFindings.isEmpty { json.object("standing") { write(image.openFindings, to: &$0) } }
        json.array("changes", image.changes) { json, change in json.object { write(change, to: &$0) } }
    }

    private static func write(_ change: FindingChange, to json: inout JSONWriter) {
        json.member("change", change.kind.rawValue)
        if case .severityChanged(_, let before) = change { json.member("severity_before", before.rawValue) }
        let finding = change.finding
        json.member("id", finding.key.vulnerability)
        json.member("severity", finding.severity.rawValue)
        json.member("package", finding.key.package)
        json.member("version", finding.key.version)
        json.member("fixed_version", finding.fixedVersion)
        json.member("score", finding.score)
    }

    private static func write(_ change: VulnerabilityChange, to json: inout JSONWriter) {
        json.member("kind", "vulnerabilities")
        json.member("change", change.kind.rawValue)
        json.array("vulnerabilities", change.vulnerabilities) { $0.string($1) }
        json.member("image_count", change.imageCount)
        json.member("account_count", change.accountCount)
        json.member("further", change.isFurther)
        if let remaining = change.remaining { json.member("remaining_images", remaining) }
        json.array("images", change.images) { json, image in
            json.object { json in
                json.member("account", image.place.repository.registry.account.rawValue)
                json.member("account_name", image.accountName)
                json.member("region", image.place.repository.registry.region.rawValue)
                json.member("repository", image.place.repository.name.rawValue)
                json.member("digest", image.place.digest.rawValue)
                json.array("tags", image.tags.prefix(listedTags)) { $0.string($1) }
                json.member("tag_count", image.tags.count)
                json.member("revision", image.writeToken)
                json.array("changes", image.changes) { json, change in json.object { write(change, to: &$0) } }
            }
        }
    }

    private static func write(_ notice: SuppressionNotice, to json: inout JSONWriter) {
        json.member("kind", "suppression")
        json.member("occasion", notice.cause.rawValue)
        json.member("rule", notice.rule.description)
        json.member("reason", notice.rule.reason)
        json.member("expires", time: notice.rule.expires)
        json.member("findings", notice.findings)
        json.member("images", notice.images)
    }

    private static func write(_ baseline: AccountBaseline, to json: inout JSONWriter) {
        json.member("kind", "baseline")
        json.member("account", baseline.account.rawValue)
        json.member("account_name", baseline.accountName)
        json.array("regions", baseline.regions) { $0.string($1.rawValue) }
        json.member("images", baseline.images)
        json.member("affected_images", baseline.affectedImages)
        json.object("coverage") { json in
            for (state, count) in baseline.coverage.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                json.member(state.rawValue, count)
            }
        }
        json.object("findings") { write(baseline.findings, to: &$0) }
        if baseline.suppressed > 0 { json.member("suppressed", baseline.suppressed) }
    }

    private static func write(_ gap: StreamGap, to json: inout JSONWriter) {
        json.member("kind", "gap")
        json.member("reason", gap.reason)
        json.member("at", time: gap.at)
        json.member("compared", gap.compared)
        json.member("differing", gap.differing)
    }

    static func write(_ counts: [Severity: Int], to json: inout JSONWriter) {
        for (severity, count) in counts.sorted(by: { $0.key > $1.key }) { json.member(severity.rawValue, count) }
    }
}
