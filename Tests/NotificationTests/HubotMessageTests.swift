import Domain
import JSON
import Notification
import Testing

@Suite struct HubotMessageTests {
    static func news(
        images: [ImageNews],
        account: String? = "production",
        repository: String = "team/app"
    ) -> News {
        .images(
            RepositoryNews(
                place: RepositoryPlace(registry: Sample.europe, name: RepositoryName(rawValue: repository)),
                accountName: account,
                images: images
            )
        )
    }

    static func image(
        _ digest: String = "abc",
        tags: [String] = ["1.0"],
        _ occasion: ImageNews.Occasion = .changed,
        _ changes: [FindingChange] = [],
        standing: [Severity: Int] = [:],
        revision: Int = 1
    ) -> ImageNews {
        ImageNews(
            digest: ImageDigest(rawValue: "sha256:\(digest)"),
            tags: tags,
            revision: revision,
            occasion: occasion,
            changes: changes,
            standing: standing
        )
    }

    private func value(_ message: HubotMessage) throws -> Value {
        try JSONCursor.parse(message.body) { try Value(reading: &$0) }
    }

    @Test func `A change reads as in the seed`() throws {
        let message = HubotMessage(
            Self.news(images: [
                Self.image(
                    "abc",
                    tags: ["1.0", "latest"],
                    .changed,
                    [
                        .opened(Sample.finding("CVE-1", .critical)), .opened(Sample.finding("CVE-2")),
                        .severityChanged(Sample.finding("CVE-3"), from: .medium),
                        .resolved(Sample.finding("CVE-4", .critical)),
                    ]
                )
            ]),
            room: "security"
        )
        #expect(
            message.text == """
                Vulnerabilities Changed
                production (111122223333) eu-west-1
                team/app:1.0, latest
                  New CRITICAL: CVE-1 (openssl 3.0) fixed in 3.1
                  New HIGH: CVE-2 (openssl 3.0) fixed in 3.1
                  Now HIGH: CVE-3 (openssl 3.0) was MEDIUM
                  Removed CRITICAL: CVE-4 (openssl 3.0)
                """
        )
        let value = try value(message)
        #expect(value.keys == ["room", "message", "event"])
        #expect(value["message"]?.text == message.text)
        #expect(value["room"]?.text == "security")
        let image = value["event"]?["images"]?[0]
        #expect(
            image?["changes"]?.list.map { $0["change"]?.text } == ["opened", "opened", "severity_changed", "resolved"]
        )
        #expect(image?["changes"]?[2]?["severity_before"]?.text == "MEDIUM")
    }

    @Test func `A first judgement has the seed's other title`() {
        let message = HubotMessage(
            Self.news(
                images: [Self.image("abc", tags: [], .detected, [.opened(Sample.finding("CVE-1"))])],
                account: nil
            ),
            room: "security"
        )
        #expect(message.text.hasPrefix("Vulnerabilities Detected\n111122223333 eu-west-1\nteam/app@sha256:abc\n"))
    }

    @Test func `Lost coverage and removal never read as a repair`() {
        let lost = Self.image("abc", .coverageLost(Coverage(.expiredEligibility)), standing: [.critical: 2, .high: 1])
        let removed = Self.image("def", .removed, standing: [.high: 3])
        let text = HubotMessage(Self.news(images: [lost, removed]), room: "r").text
        #expect(text.contains("no longer judged: expired eligibility; last known: 2 CRITICAL, 1 HIGH"))
        #expect(text.contains("image removed, and 3 HIGH with it: not fixed, gone"))
        #expect(!text.contains("Removed HIGH"))
    }

    @Test func `A baseline is one short message`() throws {
        var baseline = AccountBaseline(account: Sample.production, accountName: "production")
        for number in 0..<100 {
            baseline.add(Sample.image("\(number)", tags: [], [Sample.finding("CVE-\(number)")]), threshold: .high)
        }
        baseline.add(Sample.image("x", tags: [], coverage: Coverage(.unsupported)), threshold: .high)
        let message = HubotMessage(.baseline(baseline), room: "r")
        #expect(
            message.text == """
                First Look at production (111122223333)
                eu-west-1: 101 images, 100 judged
                100 HIGH; 100 images affected
                not judged: 1 unsupported
                From now on only changes are told.
                """
        )
        #expect(try value(message)["event"]?["coverage"]?["unsupported"]?.number == 1)
    }

    @Test func `A gap says that it was bridged`() {
        let gap = StreamGap(reason: "records were dropped", compared: 9, differing: 2, at: 0)
        let text = HubotMessage(.gap(gap), room: "r").text
        #expect(text.contains("records were dropped"))
        #expect(text.contains("9 images were compared with what was last told; 2 had changed."))
    }

    @Test(arguments: [
        "evil\nVulnerabilities Resolved", "a\u{202E}b", "<!channel>", "@here", "*bold*", "`code`", "[x](http://y)",
        "_it_",
        "a\u{0}b", "\u{200B}hidden", "&lt;", "~gone~", "|pipe|", "line\u{2028}two", "\u{1B}[31mred",
    ]) func `Names from outside cannot format, mention, link or begin lines`(name: String) {
        let news = Self.news(
            images: [
                Self.image("abc", tags: [name], .coverageLost(Coverage(.failed, reason: name))),
                Self.image(
                    "abc",
                    .changed,
                    [
                        .opened(
                            Finding(
                                key: Finding.Key(vulnerability: name, package: name, version: name),
                                severity: Severity(rawValue: name),
                                fixedVersion: name
                            )
                        )
                    ]
                ),
            ],
            account: name,
            repository: name
        )
        let plain = Self.news(
            images: [
                Self.image("abc", tags: ["n"], .coverageLost(Coverage(.failed, reason: "n"))),
                Self.image(
                    "abc",
                    .changed,
                    [
                        .opened(
                            Finding(
                                key: Finding.Key(vulnerability: "n", package: "n", version: "n"),
                                severity: Severity(rawValue: "n"),
                                fixedVersion: "n"
                            )
                        )
                    ]
                ),
            ],
            account: "n",
            repository: "n"
        )
        let text = HubotMessage(news, room: "r").text
        #expect(text.split(separator: "\n").count == HubotMessage(plain, room: "r").text.split(separator: "\n").count)
        #expect(!text.contains { "<>&@*`[]~|\\".contains($0) })
        let forbidden = text.unicodeScalars.filter { scalar in
            scalar != "\n"
                && (scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format)
        }
        #expect(forbidden.isEmpty)
    }

    @Test func `Ordinary names stay as they are`() {
        let news = Self.news(
            images: [
                Self.image(
                    "abc",
                    tags: ["1.0_rc-2"],
                    .changed,
                    [.opened(Sample.finding("GHSA-ab_1", package: "lib_x.y+z"))]
                )
            ],
            account: "Team A (prod), #1"
        )
        let text = HubotMessage(news, room: "r").text
        for name in ["Team A (prod), #1", "team/app:1.0_rc-2", "GHSA-ab_1", "lib_x.y+z"] {
            #expect(text.contains(name))
        }
    }

    @Test func `A long message is split, and nothing is left out`() throws {
        let changes = (0..<3000).map {
            FindingChange.opened(Sample.finding("CVE-2026-\($0)", $0 % 2 == 0 ? .high : .critical))
        }
        let news = Self.news(images: [
            Self.image("a", .detected, changes), Self.image("b", .changed, Array(changes.prefix(5))),
        ])
        let messages = HubotMessage.messages(for: news, room: "security")
        #expect(messages.count > 3)
        #expect(messages.allSatisfy { $0.body.count <= HubotMessage.maximumBytes })
        #expect(Set(messages.map(\.idempotencyKey)).count == messages.count)
        let told = try messages.flatMap { message in
            try value(message)["event"]?["images"]?.list.flatMap { image in
                image["changes"]?.list.compactMap { change in
                    "\(image["digest"]?.text ?? "") \(change["id"]?.text ?? "")"
                } ?? []
            } ?? []
        }
        #expect(told.count == 3005)
        #expect(Set(told).count == 3005)
        for change in changes {
            let id = change.finding.key.vulnerability
            #expect(messages.contains { $0.text.contains("\(id) ") })
        }
    }

    @Test func `The key depends on the content alone, and a finding that comes back has another`() {
        let change = [FindingChange.opened(Sample.finding("CVE-1"))]
        let first = HubotMessage(Self.news(images: [Self.image("abc", .changed, change)]), room: "r")
        #expect(
            first.idempotencyKey
                == HubotMessage(Self.news(images: [Self.image("abc", .changed, change)]), room: "r").idempotencyKey
        )
        let again = HubotMessage(Self.news(images: [Self.image("abc", .changed, change, revision: 3)]), room: "r")
        #expect(first.text == again.text)
        #expect(first.idempotencyKey != again.idempotencyKey)
    }
}
