internal import Domain
internal import JSON

/// What is said of the fleet's own sight, as data.
extension NewsEvent {
    /// `repository_count` and `vulnerability_count` tell of the rest.
    private static let listedRepositories = 200
    private static let listedVulnerabilities = 100

    static func write(_ news: AccessNews, to json: inout JSONWriter) {
        json.member("kind", "access")
        json.member("account", news.account.rawValue)
        json.member("account_name", news.accountName)
        json.member("region", news.region?.rawValue)
        json.array("repositories", news.repositories.prefix(listedRepositories)) { $0.string($1.rawValue) }
        json.member("repository_count", news.repositories.count)
        json.member("is_looked_into", news.obstacle == nil)
        if let obstacle = news.obstacle { json.object("coverage") { obstacle.write(to: &$0) } }
        json.member("image_count", news.images)
        json.member("last_judged_at", time: news.lastJudgedAt)
    }

    static func write(_ news: ScopeNews, to json: inout JSONWriter) {
        json.member("kind", "scope")
        json.member("threshold", news.threshold.rawValue)
        json.member("former_threshold", news.formerThreshold?.rawValue)
        json.array("rules", news.rules) { json, rule in
            json.object { json in
                json.member("rule", rule.description)
                json.member("reason", rule.reason)
            }
        }
        json.object("findings") { write(news.findings, to: &$0) }
        json.member("image_count", news.images)
        let worst = news.worst
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
