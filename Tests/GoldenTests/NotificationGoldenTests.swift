import Domain
import HTTPTransport
import Notifications
import Synchronization
import Testing

/// What a chat gets: every kind of news, in every format, with the request around it.
@Suite struct NotificationGoldenTests {
    @Test(arguments: ["images", "lapse", "vulnerabilities", "baseline", "gap", "suppression", "access", "scope"])
    func `Every kind of news`(kind: String) async throws {
        try expectGolden(try await posted(pieces(of: kind)), "Chat/\(kind).txt")
    }

    @Test func `Several pieces of news in one message`() async throws {
        try expectGolden(try await posted(try pieces(of: "images") + pieces(of: "access")), "Chat/several.txt")
    }

    @Test func `NotificationContent that is longer than a message`() async throws {
        let changes = (0..<320).map { FindingChange.opened(Sample.finding("CVE-2026-\($0)")) }
        let news = RepositoryChange(
            place: Sample.repository(),
            accountName: nil,
            images: [Sample.news("a", .detected, changes)]
        )
        try expectGolden(try await posted([.images(news)]), "Chat/long.txt")
    }

    /// The requests that tell `news`, as the chat reads them.
    private func posted(_ news: [NotificationContent]) async throws -> String {
        let text = Mutex("")
        let http = HTTPClient { request in
            let headers = request.headers.map { "\($0.name): \($0.value)\n" }.joined()
            let body = String(decoding: request.body, as: UTF8.self)
            text.withLock { $0 += "\(request.method) \(request.url)\n\(headers)\n\(body)\n\n" }
            return HTTPResponse(status: 200, body: [])
        }
        let drafts = MessageRenderer().drafts(room: "security", news)
        for format in ChatFormat.allCases {
            let configuration = ChatConfiguration(
                format: format,
                url: "http://chat.example/\(format.rawValue)",
                token: "t"
            )
            let chat = ChatClient(configuration: configuration, http: http)
            for (index, draft) in drafts.enumerated() {
                let message = OutboxMessage(id: "id-\(index)", at: 0, room: draft.room, sections: draft.sections)
                try await chat.post(message)
            }
        }
        return text.withLock { $0 }
    }

    /// A kind without news here would make an empty file, which never is a golden one.
    private func pieces(of kind: String) throws -> [NotificationContent] {
        let pieces = NewsSamples.all.filter { NewsSamples.kind(of: $0) == kind }
        try #require(!pieces.isEmpty, "no sample is of the kind \(kind)")
        return pieces
    }
}

/// News of every kind, in every variant that is worded in a way of its own.
private enum NewsSamples {
    static let all = images + bulkChanges + vulnerabilities + states + access

    /// The golden file of a piece of news; a new kind does not compile before it has one.
    static func kind(of news: NotificationContent) -> String {
        switch news {
        case .images: "images"
        case .bulkChange: "lapse"
        case .vulnerabilities: "vulnerabilities"
        case .baseline: "baseline"
        case .gap: "gap"
        case .suppression: "suppression"
        case .access: "access"
        case .scope: "scope"
        }
    }

    private static let images: [NotificationContent] = [nil, "production"].map { name in
        .images(
            RepositoryChange(
                place: Sample.repository(),
                accountName: name,
                images: Sample.occasions.map {
                    Sample.news("abc", $0, Sample.changes, openFindings: [.critical: 2, .high: 1])
                }
            )
        )
    }

    private static let bulkChanges: [NotificationContent] = Sample.occasions.map { cause in
        let images = (0..<14).map { number in
            BulkImageChange.ChangedImage(
                repository: RepositoryName(rawValue: "team/app-\(number)"),
                change: Sample.news("\(number)", cause, openFindings: [.critical: 1, .high: 2])
            )
        }
        return .bulkChange(
            BulkImageChange(registry: Sample.europe, accountName: "production", cause: cause, images: images)
        )
    }

    private static var vulnerabilities: [NotificationContent] {
        Sample.changes.flatMap { change in
            [(false, nil), (true, 25), (false, 0)].map { isFurther, remaining in
                let images = (0..<(isFurther ? 14 : 3)).map { number in
                    VulnerabilityChange.AffectedImage(
                        place: Sample.place(
                            "\(number)",
                            in: Sample.repository(in: number % 2 == 0 ? Sample.europe : Sample.china)
                        ),
                        accountName: number % 2 == 0 ? "production" : nil,
                        tags: ["1.\(number)"],
                        writeToken: 1,
                        changes: [change]
                    )
                }
                return .vulnerabilities(
                    VulnerabilityChange(
                        kind: change.kind,
                        vulnerabilities: [change.finding.key.vulnerability, "CVE-9"],
                        images: images,
                        isFurther: isFurther,
                        remaining: remaining
                    )
                )
            }
        }
    }

    private static var states: [NotificationContent] {
        var baseline = AccountBaseline(account: Sample.production, accountName: "production")
        baseline.add(Sample.image("a", [Sample.finding("CVE-1")]), threshold: .high)
        baseline.add(Sample.image("b", coverage: Coverage(.unsupported)), threshold: .high)
        var scope = RuleChangeSummary(threshold: .high, formerThreshold: .critical)
        scope.add([(Sample.finding("CVE-1", .critical), Sample.rule), (Sample.finding("CVE-2"), nil)])
        let occasions: [SuppressionNotice.Cause] = [.expiresSoon, .expired, .matchesNothing]
        return occasions.map {
            .suppression(SuppressionNotice(rule: Sample.rule, cause: $0, findings: 3, images: 2))
        } + [
            .baseline(baseline), .scope(scope),
            .gap(StreamGap(reason: "records were dropped", compared: 9, differing: 2, at: 0)),
        ]
    }

    private static var access: [NotificationContent] {
        let denied = Coverage(.accessDenied, reason: "no role")
        var news = AccessChange(account: Sample.production, accountName: "production", obstacle: denied)
        var pieces = [news]
        news.add(Sample.image("a"))
        pieces.append(news)
        news.region = Sample.europe.region
        pieces.append(news)
        news.repositories = (0..<14).map { RepositoryName(rawValue: "r\($0)") }
        news.obstacle = nil
        pieces.append(news)
        return pieces.map(NotificationContent.access)
    }
}
