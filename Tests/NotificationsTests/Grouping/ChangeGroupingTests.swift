import Domain
import FindingStore
import Notifications
import Testing

@Suite struct NewsGroupingTests {
    private let grouping = ChangeGrouping(routes: Routes(defaultRoom: "all"))

    private func account(_ digit: Int) -> Registry {
        Registry(account: AccountID(rawValue: String(repeating: "\(digit)", count: 12)), region: Sample.registry.region)
    }

    private func note(
        _ name: String,
        _ changes: [FindingChange],
        _ cause: ImageChange.Cause = .changed,
        in registry: Registry = Sample.registry,
        repository: String = "app"
    ) -> ChangeRecord {
        let place = Sample.place(name, repository: repository, in: registry)
        var image = ImageChange(digest: place.digest, tags: ["v1"], writeToken: 1, cause: cause, changes: changes)
        if cause == .removed { image.openFindings = [.high: 1] }
        return ChangeRecord(id: name, at: 0, repository: place.repository, image: image)
    }

    private func contents(
        _ notes: [ChangeRecord],
        _ context: ChangeGrouping.GroupingContext = .init(),
        grouping: ChangeGrouping? = nil
    ) -> [NotificationContent] {
        (grouping ?? self.grouping).contents(of: notes, context).flatMap(\.contents)
    }

    private func vulnerabilities(_ contents: [NotificationContent]) -> [VulnerabilityChange] {
        contents.compactMap { if case .vulnerabilities(let contents) = $0 { contents } else { nil } }
    }

    private func images(_ contents: [NotificationContent]) -> [ImageChange] {
        contents.flatMap { contents -> [ImageChange] in
            if case .images(let contents) = contents { contents.images } else { [] }
        }
    }

    @Test func `One vulnerability in three images, or in two accounts, is one piece of contents`() {
        let opened = FindingChange.opened(Sample.finding("CVE-1"))
        let three = contents(["a", "b", "c"].map { note($0, [opened]) })
        #expect(vulnerabilities(three).map(\.images.count) == [3])
        #expect(images(three).isEmpty)
        let two = contents(["a", "b"].map { note($0, [opened]) })
        #expect(vulnerabilities(two).isEmpty)
        #expect(images(two).count == 2)
        let accounts = contents([note("a", [opened], in: account(1)), note("b", [opened], in: account(2))])
        #expect(vulnerabilities(accounts).map(\.accountCount) == [2])
    }

    @Test func `Vulnerabilities of the same images share a message, and the rest stays with its image`() {
        let shared = [FindingChange.opened(Sample.finding("CVE-1")), .opened(Sample.finding("CVE-2", .critical))]
        let own = FindingChange.opened(Sample.finding("CVE-3"))
        let notes = [
            note("a", shared + [own]), note("b", shared), note("c", shared, .coverageRegained(Coverage(.scanned))),
        ]
        let contents = contents(notes)
        #expect(vulnerabilities(contents).map(\.vulnerabilities) == [["CVE-1", "CVE-2"]])
        #expect(images(contents).map(\.changes) == [[own], []])
    }

    @Test func `Nothing is announced twice and nothing is lost, whatever the pattern`() {
        var notes: [ChangeRecord] = []
        for image in 0..<60 {
            let changes = (0..<30).filter { (image + 1) * ($0 + 3) % 7 < 2 }.map { number -> FindingChange in
                number % 3 == 0 ? .resolved(Sample.finding("CVE-\(number)")) : .opened(Sample.finding("CVE-\(number)"))
            }
            notes.append(note("\(image)", changes, in: account(image % 4 + 1), repository: "r\(image % 9)"))
        }
        let contents = contents(notes)
        #expect(vulnerabilities(contents).count <= ChangeGrouping.mostMessages)
        var announced: [String] = vulnerabilities(contents).flatMap(\.images).flatMap { image in
            image.changes.map { "\(image.place.digest) \($0)" }
        }
        announced += images(contents).flatMap { image in image.changes.map { "\(image.digest) \($0)" } }
        let noted = notes.flatMap { note in note.image.changes.map { "\(note.image.digest) \($0)" } }
        #expect(announced.sorted() == noted.sorted())
    }

    @Test func `An all-clear comes when nothing stands any more, by repair or by removal`() {
        var context = ChangeGrouping.GroupingContext()
        context.widespread = ["all": ["CVE-1", "CVE-2", "CVE-3"]]
        context.openFindings.replace([], by: [Sample.finding("CVE-3")], in: "all")
        let notes = [note("a", [.resolved(Sample.finding("CVE-1"))]), note("b", [], .removed)]
        let room = grouping.contents(of: notes, context)[0]
        let clear = vulnerabilities(room.contents)
        #expect(clear.map(\.isAllClear) == [true, true])
        #expect(Set(clear.map(\.vulnerabilities)) == [["CVE-1"], ["CVE-2"]])
        #expect(room.spread == ["CVE-3"])
        #expect(images(room.contents).map(\.cause) == [.removed])
    }

    @Test func `What became milder, or stands in another room, is not gone`() {
        var context = ChangeGrouping.GroupingContext()
        context.widespread = ["all": ["CVE-1", "CVE-2"], "former": ["CVE-2", "CVE-3"]]
        context.openFindings.replace([], by: [Sample.finding("CVE-1", .low)], in: "all")
        context.openFindings.replace([], by: [Sample.finding("CVE-2")], in: "other")
        let milder = FindingChange.severityChanged(Sample.finding("CVE-1", .low), from: .high)
        let notes = [note("a", [milder]), note("b", [], .removed), note("c", [.resolved(Sample.finding("CVE-2"))])]
        let rooms = grouping.contents(of: notes, context)
        #expect(rooms.map(\.room) == ["all", "former"])
        #expect(vulnerabilities(rooms[0].contents).isEmpty)
        #expect(rooms[0].spread == nil)
        let clear = vulnerabilities(rooms[1].contents).map(\.vulnerabilities)
        #expect(clear == [["CVE-3"]], "a room without notes hears it too")
        #expect(rooms[1].spread == ["CVE-2"])
    }

    @Test func `While notes are left, nothing is called gone`() {
        var context = ChangeGrouping.GroupingContext()
        context.widespread = ["all": ["CVE-1"]]
        context.isComplete = false
        let notes = ["a", "b", "c"].map { note($0, [.resolved(Sample.finding("CVE-1"))]) }
        let first = grouping.contents(of: notes, context)[0]
        #expect(vulnerabilities(first.contents).map(\.isAllClear) == [false])
        #expect(first.spread == nil)
        context.isComplete = true
        let last = grouping.contents(of: [note("d", [.resolved(Sample.finding("CVE-1"))])], context)[0]
        #expect(vulnerabilities(last.contents).map(\.isAllClear) == [true])
        #expect(last.spread == [])
    }

    @Test func `What came image by image gets its all-clear too`() {
        var context = ChangeGrouping.GroupingContext()
        let finding = Sample.finding("CVE-1")
        for name in ["a", "b", "c"] {
            context.openFindings.replace([], by: [finding], in: "all")
            let room = grouping.contents(of: [note(name, [.opened(finding)])], context)[0]
            #expect(vulnerabilities(room.contents).isEmpty)
            #expect(room.spread == (name == "c" ? ["CVE-1"] : nil))
            context.widespread["all"] = room.spread
        }
        for _ in 0..<3 { context.openFindings.replace([finding], by: [], in: "all") }
        let clear = grouping.contents(of: [note("c", [.resolved(finding)])], context)[0]
        #expect(vulnerabilities(clear.contents).map(\.isAllClear) == [true])
    }

    @Test func `What came and went before it was announced is not announced`() {
        let finding = Sample.finding("CVE-1")
        let notes = [
            note("a", [.opened(finding)]), note("a", [.resolved(finding)]),
            note("b", [.opened(finding)], .detected),
            note("b", [.severityChanged(Sample.finding("CVE-1", .critical), from: .high)]),
            note("c", [], .coverageLost(Coverage(.failed))), note("c", [], .coverageRegained(Coverage(.scanned))),
        ]
        let announced = images(contents(notes))
        #expect(announced.map(\.digest.rawValue) == ["sha256:b"])
        #expect(announced.map(\.changes) == [[.opened(Sample.finding("CVE-1", .critical))]])
        #expect(announced.map(\.cause) == [.detected])
    }

    @Test func `What is suppressed is not announced, until the rule ends`() {
        let scope = Suppression.Scope(vulnerability: Glob("CVE-1"), repository: Glob("team/*"))
        let rule = Suppression(scope: scope, reason: "why", expires: 100)
        let grouping = ChangeGrouping(routes: Routes(defaultRoom: "all"), suppressions: Suppressions([rule]))
        let notes = [
            note("a", [.opened(Sample.finding("CVE-1")), .opened(Sample.finding("CVE-2"))], repository: "team/app"),
            note("b", [.opened(Sample.finding("CVE-1"))], repository: "team/app"),
            note("c", [.opened(Sample.finding("CVE-1"))], repository: "other"),
        ]
        var context = ChangeGrouping.GroupingContext()
        context.now = 99
        let quiet = images(contents(notes, context, grouping: grouping))
        #expect(quiet.map(\.digest.rawValue) == ["sha256:c", "sha256:a"])
        context.now = 100
        let loud = contents(notes, context, grouping: grouping)
        #expect(vulnerabilities(loud).map(\.images.count) == [3])
    }

    /// What was told of an image that went, beside what a rule kept untold: opened suppressed, and gone before anybody was told.
    private func removal(
        announced findings: [Finding],
        suppressed: Finding
    ) -> [ImageChange] {
        let rule = Suppression(
            scope: Suppression.Scope(vulnerability: Glob(suppressed.key.vulnerability)),
            reason: "why",
            expires: 1000
        )
        let comparison = ImageComparison(threshold: .high, suppressions: Suppressions([rule]))
        let place = Sample.place("a")
        func stored(_ findings: [Finding]) -> StoredImage {
            StoredImage(status: Sample.image("a", findings), fingerprint: "", token: 1)
        }
        let known = AnnouncedImage(stored(findings))
        let announced = AnnouncedImage(stored(findings + [suppressed]))
        let verdicts = [
            comparison.difference(current: stored(findings + [suppressed]), announced: known, at: 1),
            comparison.difference(current: nil, announced: announced, at: 2),
        ]
        let notes = verdicts.compactMap(\.change).map { ChangeRecord(at: 1, repository: place.repository, image: $0) }
        let grouping = ChangeGrouping(routes: Routes(defaultRoom: "all"), suppressions: Suppressions([rule]))
        return images(contents(notes, grouping: grouping))
    }

    @Test func `What came suppressed takes nothing from what is announced of an image that went`() {
        let one = removal(
            announced: [Sample.finding("CVE-Y", .critical)],
            suppressed: Sample.finding("CVE-X", .critical)
        )
        #expect(one.map(\.cause) == [.removed])
        #expect(one.map(\.openFindings) == [[.critical: 1]])
        let two = removal(
            announced: [Sample.finding("CVE-A"), Sample.finding("CVE-C")],
            suppressed: Sample.finding("CVE-B")
        )
        #expect(two.map(\.openFindings) == [[.high: 2]])
        #expect(two.map(\.changes) == [[]])
        #expect(removal(announced: [], suppressed: Sample.finding("CVE-B")).isEmpty)
    }

    @Test func `An image whose first finding is suppressed is still detected with its next`() {
        let rule = Suppression(
            scope: Suppression.Scope(vulnerability: Glob("CVE-1")),
            reason: "why",
            expires: 1000
        )
        let grouping = ChangeGrouping(routes: Routes(defaultRoom: "all"), suppressions: Suppressions([rule]))
        let opened = FindingChange.opened(Sample.finding("CVE-2"))
        let announced = images(
            contents(
                [note("a", [.opened(Sample.finding("CVE-1"))], .detected), note("a", [opened])],
                grouping: grouping
            )
        )
        #expect(announced.map(\.cause) == [.detected])
        #expect(announced.map(\.changes) == [[opened]])
    }

    @Test func `Rooms hear of their own`() {
        let routes = Routes(
            [
                Routes.Route(room: "payments", repository: Glob("pay/*")),
                Routes.Route(room: "production", organizationalUnit: Glob("/Production/*")),
                Routes.Route(room: "second", account: Glob("2*")),
            ],
            defaultRoom: "all"
        )
        var context = ChangeGrouping.GroupingContext()
        context.units = [account(1).account: "/Production"]
        let opened = [FindingChange.opened(Sample.finding("CVE-1"))]
        let rooms = ChangeGrouping(routes: routes).contents(
            of: [
                note("a", opened, in: account(1), repository: "pay/api"), note("b", opened, in: account(1)),
                note("c", opened, in: account(2)), note("d", opened, in: account(3)),
            ],
            context
        )
        #expect(rooms.map(\.room) == ["all", "payments", "production", "second"])
        #expect(ChangeGrouping(routes: Routes(defaultRoom: nil)).contents(of: [note("a", opened)], .init()).isEmpty)
        #expect(routes.room(for: account(4).account, unit: "/Production/Web") == "production")
        #expect(routes.room(for: account(4).account, unit: "/Productive") == "all")
        #expect(routes.room(for: account(2).account, unit: nil) == "second")
        #expect(routes.room(for: account(3).account, unit: nil) == "all", "a route for repositories takes no account")
    }
}
