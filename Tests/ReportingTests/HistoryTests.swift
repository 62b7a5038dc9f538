import Domain
import Reporting
import Testing

@Suite struct HistoryTests {
    private static let day: Double = 86_400
    /// 2025-11-24T12:00:00Z.
    private static let noon: Double = 1_763_985_600

    private func publish(_ images: [ImageStatus], to deliveryState: Shelf, onDay day: Double) async throws {
        var source = SampleSource()
        source.allAccounts = [Sample.account(Sample.production, "production")]
        source.allRegistries = [RegistryStatus(registry: Sample.europe)]
        source.images = images
        let time = Self.noon + day * Self.day
        _ = try await ReportBuilder(source: source, storage: deliveryState, organization: "fleet") { time }.publish()
    }

    private func image(_ name: String, _ findings: [Finding], onDay day: Double) -> ImageStatus {
        Sample.image(name, tags: [], findings, coverage: Coverage(.scanned, at: Self.noon + day * Self.day))
    }

    private func lost(_ name: String, state: Coverage.State = .expiredEligibility) -> ImageStatus {
        Sample.image(name, tags: [], coverage: Coverage(state))
    }

    private func days(_ deliveryState: Shelf) throws -> [Value] {
        try deliveryState.value("history.json")["days"]?.list ?? []
    }

    @Test func `Each image is counted once a day, under its worst severity`() async throws {
        let deliveryState = Shelf()
        let images = [
            image("a", [Sample.finding("CVE-1", .critical), Sample.finding("CVE-2", .low)], onDay: 0),
            image("b", [Sample.finding("CVE-2", .undefined)], onDay: 0), image("c", [], onDay: 0), lost("d"),
        ]
        try await publish(images, to: deliveryState, onDay: 0)
        try await publish(images, to: deliveryState, onDay: 0.25)
        let today = try #require(try days(deliveryState).first)
        #expect(try days(deliveryState).count == 1)
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
        let deliveryState = Shelf()
        let (one, two) = (Sample.finding("CVE-1"), Sample.finding("CVE-2"))
        try await publish([image("a", [one], onDay: 0)], to: deliveryState, onDay: 0)
        // CVE-2 comes on the first day, and again with a new image.
        let later = [image("a", [one, two], onDay: 1), image("b", [two], onDay: 1)]
        try await publish(later, to: deliveryState, onDay: 1)
        try await publish(later, to: deliveryState, onDay: 1.1)
        try await publish([image("a", [two], onDay: 3), image("b", [], onDay: 3)], to: deliveryState, onDay: 3)
        let days = try days(deliveryState)
        #expect(days.map { $0["day"]?.text } == ["2025-11-24", "2025-11-25", "2025-11-27"])
        #expect(days.map { $0["opened"]?.number } == [0, 2, 0], "a repeated report counts nothing twice")
        #expect(days.map { $0["resolved"]?.number } == [0, 0, 2])
        #expect(days[2]["time_to_fix"]?["count"]?.number == 2)
        #expect(days[2]["time_to_fix"]?["seconds"]?.number == (3 + 2) * Self.day)
        let region = try deliveryState.value("111122223333/eu-west-1.json")
        let image = region["repositories"]?[0]?["images"]?[0]
        #expect(image?["times"]?.list.map(\.text) == ["2025-11-25T12:00:00Z"])
        #expect(image?["findings"]?[0]?[6]?.number == 0)
    }

    @Test func `Lost coverage and a removed image resolve nothing`() async throws {
        let deliveryState = Shelf()
        let (one, two) = (Sample.finding("CVE-1"), Sample.finding("CVE-2"))
        try await publish(
            [image("a", [one, two], onDay: 0), image("b", [one], onDay: 0)],
            to: deliveryState,
            onDay: 0
        )
        try await publish([lost("a")], to: deliveryState, onDay: 1)
        let known = try deliveryState.value("111122223333/eu-west-1.json")["repositories"]?[0]?["images"]?[0]
        #expect(known?["findings"] == .array([]))
        #expect(known?["last_known"]?.list.map { $0[0]?.text } == ["CVE-1", "CVE-2"])
        try await publish([lost("a", state: .failed)], to: deliveryState, onDay: 2)
        try await publish([image("a", [two], onDay: 3)], to: deliveryState, onDay: 3)
        let days = try days(deliveryState)
        #expect(days.map { $0["opened"]?.number } == [0, 0, 0, 0])
        #expect(days.map { $0["resolved"]?.number } == [0, 0, 0, 1])
        #expect(days[3]["time_to_fix"]?["seconds"]?.number == 3 * Self.day)
    }

    @Test func `A damaged history is left alone, and the report goes on`() async throws {
        let deliveryState = Shelf(["history.json": [1, 2, 3]])
        try await publish([lost("a")], to: deliveryState, onDay: 0)
        #expect(deliveryState.files["history.json"] == [1, 2, 3])
        #expect(try deliveryState.value("index.json")["images"]?.number == 1)
    }

    @Test func `A region's file that cannot be read makes nothing new`() async throws {
        let deliveryState = Shelf(["111122223333/eu-west-1.json": [1, 2, 3]])
        try await publish([image("a", [Sample.finding("CVE-1")], onDay: 0)], to: deliveryState, onDay: 0)
        #expect(try days(deliveryState)[0]["opened"]?.number == 0)
    }

    @Test func `Keeps 400 days`() async throws {
        let deliveryState = Shelf()
        for day in 0..<403 { try await publish([], to: deliveryState, onDay: Double(day)) }
        let days = try days(deliveryState)
        #expect(days.count == 400)
        #expect(days.first?["day"]?.text == "2025-11-27")
    }
}
