import Domain
import Scanning
import Testing

@Suite struct JudgementTests {
    private let image: Image = {
        let registry = Registry(account: AccountID(rawValue: "123456789012"), region: RegionName(rawValue: "eu-west-1"))
        let place = RepositoryReference(registry: registry, name: RepositoryName(rawValue: "r"))
        let digest = ImageDigest(rawValue: "sha256:1")
        return Image(place: ImageReference(repository: place, digest: digest), tags: ["new"], pushedAt: nil)
    }()

    private var known: ImageStatus {
        var old = image
        old.tags = ["old"]
        let key = Finding.Key(vulnerability: "CVE-1", package: "p", version: "1")
        return ImageStatus(
            image: old,
            coverage: Coverage(.scanned, at: 100),
            counts: [.high: 1],
            findings: [Finding(key: key, severity: .high)]
        )
    }

    private func reading(_ state: Coverage.State) -> FindingReader.Reading {
        FindingReader.Reading(coverage: Coverage(state), counts: nil, findings: [], vulnerabilities: [])
    }

    @Test(arguments: [Coverage.State.waiting, .throttled])
    func `A rescan under way leaves standing what the last one found`(state: Coverage.State) {
        let status = reading(state).judgement(of: image, known: known)
        #expect(status.coverage == Coverage(.scanned, at: 100))
        #expect(status.findings == known.findings)
        #expect(status.image.tags == ["new"])
    }

    @Test(arguments: [Coverage.State.failed, .unsupported, .expiredEligibility, .archived])
    func `A judgement that AWS withdraws stands no longer`(state: Coverage.State) {
        let status = reading(state).judgement(of: image, known: known)
        #expect(status.coverage.state == state)
        #expect(status.findings.isEmpty)
    }

    @Test func `An image that was never status waits`() {
        #expect(reading(.waiting).judgement(of: image, known: nil).coverage.state == .waiting)
    }
}
