import Domain
import Scanning
import Testing

@Suite struct ScanPlanTests {
    private let entry: RepositoryContents.Entry = {
        let registry = Registry(account: AccountID(rawValue: "123456789012"), region: RegionName(rawValue: "eu-west-1"))
        let place = ImageReference(
            repository: RepositoryReference(registry: registry, name: RepositoryName(rawValue: "r")),
            digest: ImageDigest(rawValue: "sha256:1")
        )
        return RepositoryContents.Entry(image: Image(place: place, tags: [], pushedAt: nil), coverage: nil)
    }()

    @Test func `An image is due a day after its scan and not before`() {
        let known = Coverage(.scanned, at: 1000)
        #expect(ScanPlan(entry, known: known, now: 1000 + ScanPlan.interval - 1) == .recent)
        #expect(ScanPlan(entry, known: known, now: 1000 + ScanPlan.interval) == .due)
    }

    @Test func `An image of which nothing is known is due, and so is one whose scan failed`() {
        #expect(ScanPlan(entry, known: nil, now: 0) == .due)
        #expect(ScanPlan(entry, known: Coverage(.failed, at: 0), now: 1) == .due)
    }

    @Test func `What the listing rules out is not asked for`() {
        var archived = entry
        archived.coverage = Coverage(.archived)
        #expect(ScanPlan(archived, known: nil, now: 0) == .impossible(Coverage(.archived)))
    }
}
