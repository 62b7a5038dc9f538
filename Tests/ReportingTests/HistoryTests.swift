import Domain
import Reporting
import Testing

@Suite struct HistoryTests {
    private static let day: Double = 86_400
    /// 2025-11-24T12:00:00Z.
    private static let noon: Double = 1_763_985_600

    private func publish(_ images: [ImageStatus], to shelf: Shelf, onDay day: Double) async throws {
        var source = SampleSource()
        source.allAccounts = [Sample.account(Sample.production, "production")]
        source.allRegistries = [RegistryStatus(registry: Sample.europe)]
        source.images = images
        let time = Self.noon + day * Self.day
        _ = try await ReportBuilder(source: source, storage: shelf, organization: "fleet") { time }.publish()
    }

    private func image(_ name: String, _ findings: [Finding], onDay day: Double) -> ImageStatus {
        Sample.image(name, tags: [], findings, coverage: Coverage(.scanned, at: Self.noon + day * Self.day))
    }

    private func lost(_ name: String, state: Coverage.State = .expiredEligibility) -> ImageStatus {
        Sample.image(name, tags: [], coverage: Coverage(state))
    }

    private func days(_ shelf: Shelf) throws -> [Value] { try shelf.value("history.json")["days"]?.list ?? [] }

    @Test func `Each image is counted once a day, under its worst severity`() async throws {
        let shelf = Shelf()
        let images = [
            image("a", [Sample.finding("CVE-1", .critical), Sample.finding("CVE-2", .low)], onDay: 0),
            image("b", [Sample.finding("CVE-2", .undefined)], onDay: 0), image("c", [], onDay: 0), lost("d"),
        ]
        try await publish(images, to: shelf, onDay: 0)
        try await publish(images, to: shelf, onDay: 0.25)
        let today = try #require(try days(shelf).first)
        #expect(try days(shelf).count == 1)
        #expect(today["day"]?.text == "2025-11-24")
        #expect(today["images"]?["critical"]?.number == 1)
        #expect(today["images"]?["other"]?.number == 1)
        #expect(today["images"]?["clean"]?.number == 1)
        #expect(today["images"]?["not_judged"]?.number == 1)
        #expect(today["images"]?["low"]?.number == 0)
        #expect(today["findings"]?["low"]?.number == 1)
        #expect(today["vulnerabilities"]?.number == 2)
        #expect(today["opened"]?.number == 0, "nothing of a registry that was never reported is known to be new")
    }

    @Test func `Tells what came, what went, and how long it was open`() async throws {
        let shelf = Shelf()
        let (one, two) = (Sample.finding("CVE-1"), Sample.finding("CVE-2"))
        try await publish([image("a", [one], onDay: 0)], to: shelf, onDay: 0)
        // CVE-2 comes on the first day, and again with a new image.
        let later = [image("a", [one, two], onDay: 1), image("b", [two], onDay: 1)]
        try await publish(later, to: shelf, onDay: 1)
        try await publish(later, to: shelf, onDay: 1.1)
        try await publish([image("a", [two], onDay: 3), image("b", [], onDay: 3)], to: shelf, onDay: 3)
        let days = try days(shelf)
        #expect(days.map { $0["day"]?.text } == ["2025-11-24", "2025-11-25", "2025-11-27"])
        #expect(days.map { $0["opened"]?.number } == [0, 2, 0], "a repeated report counts nothing twice")
        #expect(days.map { $0["resolved"]?.number } == [0, 0, 2])
        #expect(days[2]["time_to_fix"]?["count"]?.number == 2)
        #expect(days[2]["time_to_fix"]?["seconds"]?.number == (3 + 2) * Self.day)
        let region = try shelf.value("111122223333/eu-west-1.json")
        let image = region["repositories"]?[0]?["images"]?[0]
        #expect(image?["times"]?.list.map(\.text) == ["2025-11-25T12:00:00Z"])
        #expect(image?["findings"]?[0]?[6]?.number == 0)
    }

    @Test func `Lost coverage and a removed image resolve nothing`() async throws {
        let shelf = Shelf()
        let (one, two) = (Sample.finding("CVE-1"), Sample.finding("CVE-2"))
        try await publish([image("a", [one, two], onDay: 0), image("b", [one], onDay: 0)], to: shelf, onDay: 0)
        try await publish([lost("a")], to: shelf, onDay: 1)
        let known = try shelf.value("111122223333/eu-west-1.json")["repositories"]?[0]?["images"]?[0]
        #expect(known?["findings"] == .array([]))
        #expect(known?["last_known"]?.list.map { $0[0]?.text } == ["CVE-1", "CVE-2"])
        try await publish([lost("a", state: .failed)], to: shelf, onDay: 2)
        try await publish([image("a", [two], onDay: 3)], to: shelf, onDay: 3)
        let days = try days(shelf)
        #expect(days.map { $0["opened"]?.number } == [0, 0, 0, 0])
        #expect(days.map { $0["resolved"]?.number } == [0, 0, 0, 1])
        #expect(days[3]["time_to_fix"]?["seconds"]?.number == 3 * Self.day)
    }

    @Test func `A damaged history is left alone, and the report goes on`() async throws {
        let shelf = Shelf(["history.json": [1, 2, 3]])
        try await publish([lost("a")], to: shelf, onDay: 0)
        #expect(shelf.files["history.json"] == [1, 2, 3])
        #expect(try shelf.value("index.json")["images"]?.number == 1)
    }

    @Test func `A region's file that cannot be read makes nothing new`() async throws {
        let shelf = Shelf(["111122223333/eu-west-1.json": [1, 2, 3]])
        try await publish([image("a", [Sample.finding("CVE-1")], onDay: 0)], to: shelf, onDay: 0)
        #expect(try days(shelf)[0]["opened"]?.number == 0)
    }

    @Test func `Keeps 400 days`() async throws {
        let shelf = Shelf()
        for day in 0..<403 { try await publish([], to: shelf, onDay: Double(day)) }
        let days = try days(shelf)
        #expect(days.count == 400)
        #expect(days.first?["day"]?.text == "2025-11-27")
    }
}
