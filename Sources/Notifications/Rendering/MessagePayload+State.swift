internal import Domain
internal import JSON

/// Payloads about access and rules.
extension MessagePayload {
    /// Lists are cut to these lengths; `repository_count` and `vulnerability_count` give the full numbers.
    private static let listedRepositories = 200
    private static let listedVulnerabilities = 100

    static func write(_ change: AccessChange, to json: inout JSONWriter) {
        json.member("kind", "access")
        json.member("account", change.account.rawValue)
        json.member("account_name", change.accountName)
        json.member("region", change.region?.rawValue)
        json.array("repositories", change.repositories.prefix(listedRepositories)) { $0.string($1.rawValue) }
        json.member("repository_count", change.repositories.count)
        json.member("is_looked_into", change.obstacle == nil)
        if let obstacle = change.obstacle { json.object("coverage") { obstacle.write(to: &$0) } }
        json.member("image_count", change.images)
        json.member("last_judged_at", time: change.lastJudgedAt)
    }

    static func write(_ change: RuleChangeSummary, to json: inout JSONWriter) {
        json.member("kind", "scope")
        json.member("threshold", change.threshold.rawValue)
        json.member("former_threshold", change.formerThreshold?.rawValue)
        json.array("rules", change.rules) { json, rule in
            json.object { json in
                json.member("rule", rule.description)
                json.member("reason", rule.reason)
            }
        }
        json.object("findings") { write(change.findings, to: &$0) }
        json.member("image_count", change.images)
        let worst = change.worst
        json.array("vulnerabilities", worst.prefix(listedVulnerabilities)) { json, subject in
            json.object { json in
                json.member("id", subject.vulnerability)
                json.member("severity", subject.severity.rawValue)
                json.member("image_count", subject.images)
            }
        }
        json.member("vulnerability_count", worst.count)
    }
}
