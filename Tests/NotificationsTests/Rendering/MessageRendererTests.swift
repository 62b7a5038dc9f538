import Domain
import JSON
import Notifications
import Testing

@Suite struct MessageEditorTests {
    static func change(
        images: [ImageChange],
        account: String? = "production",
        repository: String = "team/app"
    ) -> NotificationContent {
        .images(
            RepositoryChange(
                place: RepositoryReference(
                    registry: NotificationSample.europe,
                    name: RepositoryName(rawValue: repository)
                ),
                accountName: account,
                images: images
            )
        )
    }

    static func image(
        _ digest: String = "abc",
        tags: [String] = ["1.0"],
        _ cause: ImageChange.Cause = .changed,
        _ changes: [FindingChange] = [],
        openFindings: [Severity: Int] = [:],
        writeToken: Int = 1
    ) -> ImageChange {
        ImageChange(
            digest: ImageDigest(rawValue: "sha256:\(digest)"),
            tags: tags,
            writeToken: writeToken,
            cause: cause,
            changes: changes,
            openFindings: openFindings
        )
    }

    /// The news as Hubot gets it, in one message however long.
    private struct Told {
        var text: String
        var body: [UInt8]

        init(_ change: NotificationContent, room: String) {
            let sections = MessageRenderer().drafts(room: room, [change]).flatMap(\.sections)
            let message = OutboxMessage(id: "1", at: 0, room: room, sections: sections)
            (text, body) = (message.text, ChatFormat.hubot.body(of: message))
        }
    }

    private func value(_ message: Told) throws -> Value {
        try JSONCursor.parse(message.body) { try Value(reading: &$0) }
    }

    @Test func `A change reads as in the seed`() throws {
        let message = Told(
            Self.change(images: [
                Self.image(
                    "abc",
                    tags: ["1.0", "latest"],
                    .changed,
                    [
                        .opened(NotificationSample.finding("CVE-1", .critical)),
                        .opened(NotificationSample.finding("CVE-2")),
                        .severityChanged(NotificationSample.finding("CVE-3"), from: .medium),
                        .resolved(NotificationSample.finding("CVE-4", .critical)),
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
        let message = Told(
            Self.change(
                images: [Self.image("abc", tags: [], .detected, [.opened(NotificationSample.finding("CVE-1"))])],
                account: nil
            ),
            room: "security"
        )
        #expect(message.text.hasPrefix("Vulnerabilities Detected\n111122223333 eu-west-1\nteam/app@sha256:abc\n"))
    }

    @Test func `Lost coverage and removal never read as a repair`() {
        let lost = Self.image(
            "abc",
            .coverageLost(Coverage(.expiredEligibility)),
            openFindings: [.critical: 2, .high: 1]
        )
        let removed = Self.image("def", .removed, openFindings: [.high: 3])
        let text = Told(Self.change(images: [lost, removed]), room: "r").text
        #expect(text.contains("no longer judged: expired eligibility; last known: 2 CRITICAL, 1 HIGH"))
        #expect(text.contains("image removed, and 3 HIGH with it: not fixed, gone"))
        #expect(!text.contains("Removed HIGH"))
    }

    @Test func `A baseline is one short message`() throws {
        var baseline = AccountBaseline(account: NotificationSample.production, accountName: "production")
        for number in 0..<100 {
            baseline.add(
                NotificationSample.image("\(number)", tags: [], [NotificationSample.finding("CVE-\(number)")]),
                threshold: .high
            )
        }
        baseline.add(NotificationSample.image("x", tags: [], coverage: Coverage(.unsupported)), threshold: .high)
        let message = Told(.baseline(baseline), room: "r")
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
        let text = Told(.gap(gap), room: "r").text
        #expect(text.contains("records were dropped"))
        #expect(text.contains("9 images were compared with what was last told; 2 had changed."))
    }

    @Test(arguments: [
        "evil\nVulnerabilities Resolved", "a\u{202E}b", "<!channel>", "@here", "*bold*", "`code`", "[x](http://y)",
        "_it_",
        "a\u{0}b", "\u{200B}hidden", "&lt;", "~gone~", "|pipe|", "line\u{2028}two", "\u{1B}[31mred",
    ]) func `Names from outside cannot format, mention, link or begin lines`(name: String) {
        let change = Self.change(
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
        let plain = Self.change(
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
        let text = Told(change, room: "r").text
        #expect(text.split(separator: "\n").count == Told(plain, room: "r").text.split(separator: "\n").count)
        #expect(!text.contains { "<>&@*`[]~|\\".contains($0) })
        let forbidden = text.unicodeScalars.filter { scalar in
            scalar != "\n"
                && (scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format)
        }
        #expect(forbidden.isEmpty)
    }

    @Test func `Ordinary names stay as they are`() {
        let change = Self.change(
            images: [
                Self.image(
                    "abc",
                    tags: ["1.0_rc-2"],
                    .changed,
                    [.opened(NotificationSample.finding("GHSA-ab_1", package: "lib_x.y+z"))]
                )
            ],
            account: "Team A (prod), #1"
        )
        let text = Told(change, room: "r").text
        for name in ["Team A (prod), #1", "team/app:1.0_rc-2", "GHSA-ab_1", "lib_x.y+z"] {
            #expect(text.contains(name))
        }
    }

    @Test func `What is long to tell is short to read, and nothing is left out of the data`() throws {
        let changes = (0..<3000).map {
            FindingChange.opened(NotificationSample.finding("CVE-2026-\($0)", $0 % 2 == 0 ? .high : .critical))
        }
        let change = Self.change(images: [
            Self.image("a", .detected, changes), Self.image("b", .changed, Array(changes.prefix(5))),
        ])
        let messages = MessageRenderer().drafts(room: "security", [change]).enumerated().map { index, draft in
            OutboxMessage(id: "\(index)", at: 0, room: draft.room, sections: draft.sections)
        }
        #expect(messages.count > 3)
        #expect(messages.allSatisfy { ChatFormat.hubot.body(of: $0).count <= 100_000 })
        let announced = try messages.flatMap(\.sections).flatMap { section in
            let event = try JSONCursor.parse(Array(section.event.utf8)) { try Value(reading: &$0) }
            return event["images"]?.list.flatMap { image in
                image["changes"]?.list.map { "\(image["digest"]?.text ?? "") \($0["id"]?.text ?? "")" } ?? []
            } ?? []
        }
        #expect(announced.count == 3005)
        #expect(Set(announced).count == 3005)
        #expect(messages[0].text.utf8.count < 4000)
        #expect(messages[0].text.contains(" and 1488 more\n"), "of the 1500 of each severity a dozen is shown")
        #expect(messages.dropFirst().allSatisfy { $0.text == "The message before, continued: data for programs." })
    }

    @Test func `Many images of a repository are counted beyond the first`() {
        let images = (0..<300).map { number in
            Self.image(
                "\(number)",
                tags: ["1.\(number)"],
                .detected,
                [.opened(NotificationSample.finding("CVE-\(number)"))]
            )
        }
        let text = Told(Self.change(images: images), room: "r").text
        #expect(text.hasSuffix("team/app:1.9\n  New HIGH: CVE-9 (openssl 3.0) fixed in 3.1\nand 290 more images"))
    }

    @Test func `Many images with many long changes fit into sections, and a chat's limit`() throws {
        let severities: [Severity] = [.critical, .high, .medium]
        let images = (0..<10).map { number in
            let changes = (0..<72).map { change -> FindingChange in
                let package = "linux-image-unsigned-\(number)-\(change)-aws-generic-with-a-very-long-name-of-a-package"
                let finding = NotificationSample.finding(
                    "CVE-2026-1\(number)\(change)",
                    severities[change % 3],
                    package: package
                )
                return change < 36 ? .opened(finding) : .resolved(finding)
            }
            return Self.image("\(number)", tags: ["1.\(number)"], .changed, changes)
        }
        let drafts = MessageRenderer().drafts(room: "r", [Self.change(images: images)])
        for section in drafts.flatMap(\.sections) {
            #expect(section.text.utf8.count + section.event.utf8.count <= MessageRenderer.largestSection)
        }
        for draft in drafts {
            let message = OutboxMessage(id: "1", at: 0, room: "r", sections: draft.sections)
            #expect(ChatFormat.hubot.body(of: message).count <= 100_000)
        }
        let lines = drafts[0].sections[0].text.split(separator: "\n")
        let shown = lines.count { $0.hasPrefix("team/app:") }
        #expect(shown > 0)
        #expect(lines.last == "and \(10 - shown) more images")
        let announced = try drafts.flatMap { draft in
            try DeliveredChange.all(in: OutboxMessage(id: "", at: 0, room: "r", sections: draft.sections))
        }
        #expect(Set(announced.filter { $0.vulnerability != nil }).count == 720)
    }

    @Test func `Images that went the same way are one piece of change`() throws {
        let images = (0..<500).map { number in
            BulkImageChange.ChangedImage(
                repository: RepositoryName(rawValue: "team/app-\(number % 9)"),
                change: Self.image(
                    "\(number)",
                    tags: ["1.\(number)"],
                    .removed,
                    openFindings: [.critical: 1, .high: 2]
                )
            )
        }
        var change = BulkImageChange(
            registry: NotificationSample.europe,
            accountName: "production",
            cause: .removed,
            images: images
        )
        let drafts = MessageRenderer().drafts(room: "r", [.bulkChange(change)])
        #expect(drafts.flatMap(\.sections).filter { !$0.text.isEmpty }.count == 1)
        let text = Told(.bulkChange(change), room: "r").text
        #expect(text.hasPrefix("Images Removed\nproduction (111122223333) eu-west-1: 500 images removed, and "))
        #expect(text.contains("500 CRITICAL, 1000 HIGH with them: not fixed, gone\n"))
        #expect(text.hasSuffix("team/app-2:1.11 and 488 more"))
        let announced = try drafts.flatMap { draft in
            try DeliveredChange.all(in: OutboxMessage(id: "", at: 0, room: "r", sections: draft.sections))
        }
        #expect(Set(announced.map(\.place)).count == 500)
        #expect(announced.allSatisfy { $0.what == "removed" && $0.tags.count == 1 })
        change.images = Array(images.prefix(2))
        let event = try value(Told(.bulkChange(change), room: "r"))["event"]
        #expect(event?["kind"]?.text == "images", "what programs read already")
        #expect(event?["images"]?.list.map { $0["repository"]?.text } == ["team/app-0", "team/app-1"])
        change.images = images
        change.cause = .coverageLost(Coverage(.expiredEligibility))
        let lost = Told(.bulkChange(change), room: "r").text
        #expect(lost.contains("500 images no longer judged: expired eligibility; last known: 500 CRITICAL"))
    }

    @Test func `A place that is not looked into says what is known of it`() throws {
        let denied = Coverage(.accessDenied, reason: "no role")
        var change = AccessChange(account: NotificationSample.production, accountName: "production", obstacle: denied)
        let name = "account production (111122223333)"
        #expect(
            Told(.access(change), room: "r").text
                == "Not looked into: \(name): access denied (no role)\n  nothing was ever judged there"
        )
        for number in 0..<3 {
            change.add(
                NotificationSample.image(
                    "\(number)",
                    tags: [],
                    coverage: Coverage(.scanned, at: Double(number) * 86_400)
                )
            )
        }
        change.add(NotificationSample.image("x", tags: [], coverage: Coverage(.failed)))
        #expect(
            Told(.access(change), room: "r").text == """
                No longer looked into: \(name): access denied (no role)
                  last known stands: 3 images, the newest judgement of 1970-01-03T00:00:00Z
                """
        )
        let sections = MessageRenderer().drafts(room: "r", [.access(change)]).flatMap(\.sections)
        #expect(try DeliveredChange.all(in: OutboxMessage(id: "", at: 0, room: "r", sections: sections)).isEmpty)
        change.region = NotificationSample.europe.region
        change.repositories = (0..<14).map { RepositoryName(rawValue: "r\($0)") }
        change.obstacle = nil
        let text = Told(.access(change), room: "r").text
        #expect(text.hasPrefix("Looked into again: 14 repositories r0, r1, "))
        #expect(text.hasSuffix("r11 and 2 more of \(name) eu-west-1"))
        #expect(try value(Told(.access(change), room: "r"))["event"]?["is_looked_into"] == .bool(true))
    }

    @Test func `What is announced from now on is summed up`() {
        let rule = Suppression(scope: Suppression.Scope(vulnerability: Glob("CVE-1")), reason: "why", expires: 9)
        var change = RuleChangeSummary(threshold: .high, formerThreshold: .critical)
        change.add([(NotificationSample.finding("CVE-1", .critical), rule), (NotificationSample.finding("CVE-2"), nil)])
        change.add([(NotificationSample.finding("CVE-2"), nil)])
        #expect(
            Told(.scope(change), room: "r").text == """
                Told From Now On
                the least severity that is told is HIGH, and was CRITICAL
                no longer suppressed: vulnerability CVE-1 (why)
                1 CRITICAL, 2 HIGH stand in 2 images, and were not told when they came
                  CVE-1 CRITICAL in 1 image
                  CVE-2 HIGH in 2 images
                """
        )
    }

    @Test func `One vulnerability in many images is one message`() throws {
        let change = Self.spread(.opened(NotificationSample.finding("CVE-2026-1", .critical)), images: 37, accounts: 9)
        let drafts = MessageRenderer().drafts(room: "r", [.vulnerabilities(change)])
        #expect(drafts.count == 1)
        let text = drafts.flatMap(\.sections).map(\.text).joined()
        #expect(text.hasPrefix("CVE-2026-1 CRITICAL: new in 37 images of 9 accounts\n  openssl 3.0, fixed in 3.1\n"))
        #expect(text.contains("account-0 (111122220000) eu-west-1: team/app:1.0, team/app:1.9"))
        let announced = Told(.vulnerabilities(change), room: "r")
        let event = try value(announced)["event"]
        #expect(event?["images"]?.list.count == 37)
        #expect(event?["image_count"]?.number == 37)
        #expect(event?["images"]?[0]?["changes"]?[0]?["id"]?.text == "CVE-2026-1")
    }

    @Test func `Thousands of images are one text, whatever their data takes`() throws {
        let change = Self.spread(.opened(NotificationSample.finding("CVE-2026-1")), images: 5000, accounts: 10)
        let drafts = MessageRenderer().drafts(room: "r", [.vulnerabilities(change)])
        #expect(drafts.count > 1)
        let texts = drafts.flatMap(\.sections).map(\.text).filter { !$0.isEmpty }
        #expect(texts.map { $0.hasPrefix("CVE-2026-1 HIGH: new in 5000 images of 10 accounts\n") } == [true])
        let announced = try drafts.flatMap { draft in
            try DeliveredChange.all(in: OutboxMessage(id: "", at: 0, room: "r", sections: draft.sections))
        }
        #expect(announced.count == 5000)
        #expect(Set(announced.map(\.place)).count == 5000)
    }

    @Test func `An all-clear says so, and that removal is no repair`() {
        var change = Self.spread(
            .resolved(NotificationSample.finding("CVE-2026-1", .critical)),
            images: 12,
            accounts: 3
        )
        change.remaining = 25
        #expect(text(change).hasPrefix("CVE-2026-1 CRITICAL: fixed in 12 images of 3 accounts; still in 25 images\n"))
        change.remaining = 0
        #expect(
            text(change).hasPrefix(
                "All clear: CVE-2026-1 CRITICAL is in no image any more; the last 12 images of 3 accounts are clear\n"
            )
        )
        let gone = VulnerabilityChange(kind: .resolved, vulnerabilities: ["CVE-2026-1"], images: [], remaining: 0)
        #expect(text(gone) == "All clear: CVE-2026-1 is in no image any more")
    }

    @Test func `A suppression is spoken of before it ends`() {
        let scope = Suppression.Scope(vulnerability: Glob("CVE-2026-*"), repository: Glob("team/*"))
        let rule = Suppression(scope: scope, reason: "not reachable", expires: 86_400 * 366)
        let notice = SuppressionNotice(rule: rule, cause: .expiresSoon, findings: 3, images: 2)
        #expect(
            Told(.suppression(notice), room: "r").text == """
                Suppression Ends Soon
                vulnerability CVE-2026-＊, repository team/＊: ends after 1971-01-01 and covers 3 findings in 2 images now
                reason: not reachable
                """
        )
    }

    private func text(_ change: VulnerabilityChange) -> String { Told(.vulnerabilities(change), room: "r").text }

    static func spread(_ change: FindingChange, images: Int, accounts: Int) -> VulnerabilityChange {
        VulnerabilityChange(
            kind: change.kind,
            vulnerabilities: [change.finding.key.vulnerability],
            images: (0..<images).map { number in
                let account = AccountID(rawValue: "1111222200\(number % accounts < 10 ? "0" : "")\(number % accounts)")
                let registry = Registry(account: account, region: RegionName(rawValue: "eu-west-1"))
                let repository = RepositoryReference(registry: registry, name: RepositoryName(rawValue: "team/app"))
                return VulnerabilityChange.AffectedImage(
                    place: ImageReference(repository: repository, digest: ImageDigest(rawValue: "sha256:\(number)")),
                    accountName: "account-\(number % accounts)",
                    tags: ["1.\(number)"],
                    writeToken: 1,
                    changes: [change]
                )
            }
        )
    }
}
