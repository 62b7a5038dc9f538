internal import Domain
internal import JSON

/// The same facts as data, for programs and therefore not neutralised: what stands under `event` in a message.
struct NewsEvent {
    let news: News

    /// AWS allows 1,000 tags of 300 characters per image, more than one message can hold; `tag_count` tells of the rest.
    private static let listedTags = 50

    var json: String {
        var json = JSONWriter()
        write(to: &json)
        return String(decoding: json.drain(), as: UTF8.self)
    }

    private func write(to json: inout JSONWriter) {
        json.object { json in
            switch news {
            case .vulnerabilities(let news): Self.write(news, to: &json)
            case .suppression(let notice): Self.write(notice, to: &json)
            case .images(let news): Self.write(news, to: &json)
            case .lapse(let news): Self.write(news, to: &json)
            case .baseline(let baseline): Self.write(baseline, to: &json)
            case .gap(let gap): Self.write(gap, to: &json)
            case .access(let news): Self.write(news, to: &json)
            case .scope(let news): Self.write(news, to: &json)
            }
        }
    }

    private static func write(_ news: RepositoryNews, to json: inout JSONWriter) {
        json.member("kind", "images")
        json.member("account", news.place.registry.account.rawValue)
        json.member("account_name", news.accountName)
        json.member("region", news.place.registry.region.rawValue)
        json.member("repository", news.place.name.rawValue)
        json.array("images", news.images) { json, image in json.object { write(image, to: &$0) } }
    }

    private static func write(_ news: LapseNews, to json: inout JSONWriter) {
        // As of one repository, whose name stands with each image here.
        json.member("kind", "images")
        json.member("account", news.registry.account.rawValue)
        json.member("account_name", news.accountName)
        json.member("region", news.registry.region.rawValue)
        json.array("images", news.images) { json, image in
            json.object { json in
                json.member("repository", image.repository.rawValue)
                write(image.news, to: &json)
            }
        }
    }

    private static func write(_ image: ImageNews, to json: inout JSONWriter) {
        json.member("digest", image.digest.rawValue)
        json.array("tags", image.tags.prefix(listedTags)) { $0.string($1) }
        json.member("tag_count", image.tags.count)
        json.member("revision", image.revision)
        json.member("occasion", image.occasion.word)
        if let coverage = image.occasion.coverage { json.object("coverage") { coverage.write(to: &$0) } }
        if !image.standing.isEmpty { json.object("standing") { write(image.standing, to: &$0) } }
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

    private static func write(_ news: VulnerabilityNews, to json: inout JSONWriter) {
        json.member("kind", "vulnerabilities")
        json.member("change", news.kind.rawValue)
        json.array("vulnerabilities", news.vulnerabilities) { $0.string($1) }
        json.member("image_count", news.imageCount)
        json.member("account_count", news.accountCount)
        json.member("further", news.isFurther)
        if let remaining = news.remaining { json.member("remaining_images", remaining) }
        json.array("images", news.images) { json, image in
            json.object { json in
                json.member("account", image.place.repository.registry.account.rawValue)
                json.member("account_name", image.accountName)
                json.member("region", image.place.repository.registry.region.rawValue)
                json.member("repository", image.place.repository.name.rawValue)
                json.member("digest", image.place.digest.rawValue)
                json.array("tags", image.tags.prefix(listedTags)) { $0.string($1) }
                json.member("tag_count", image.tags.count)
                json.member("revision", image.revision)
                json.array("changes", image.changes) { json, change in json.object { write(change, to: &$0) } }
            }
        }
    }

    private static func write(_ notice: SuppressionNotice, to json: inout JSONWriter) {
        json.member("kind", "suppression")
        json.member("occasion", notice.occasion.rawValue)
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
