import Domain
import Testing

@Suite struct ScanJobTests {
    private let sweep = SweepID(kind: .collect, slot: "20261123T090000Z")

    @Test func `A payload is read back as it was written`() throws {
        let registry = Registry(account: AccountID(rawValue: "123456789012"), region: RegionName(rawValue: "eu-west-1"))
        let place = RepositoryReference(registry: registry, name: RepositoryName(rawValue: "team/sub/service"))
        let job = ScanJob(sweep: sweep, repository: place)
        #expect(job.payload == "123456789012/eu-west-1/team/sub/service")
        #expect(job.bucket == "123456789012:eu-west-1")
        #expect(ScanJob(sweep: sweep, payload: job.payload) == job)
    }

    @Test(arguments: [
        "", "a", "123456789012/eu-west-1", "123456789012//x", "12/eu-west-1/x", "123456789012/eu-west-1/",
    ])
    func `Undecodable payloads are none`(payload: String) {
        #expect(ScanJob(sweep: sweep, payload: payload) == nil)
    }

    @Test func `A sweep's name tells its kind`() {
        #expect(sweep.kind == .collect)
        #expect(SweepID(rawValue: "other-1").kind == nil)
    }
}
