import Domain
import FindingStore
import Notifications
import Testing

extension ImageComparison {
    fileprivate func difference(current: StoredImage?, announced: AnnouncedImage?) -> ImageDifference {
        difference(current: current, announced: announced, at: 50)
    }
}

@Suite struct ImageComparisonTests {
    let comparison = ImageComparison(threshold: .high)

    private func stored(_ findings: [Finding], _ coverage: Coverage = Coverage(.scanned, at: 1)) -> StoredImage {
        StoredImage(status: Sample.image("a", findings, coverage: coverage), fingerprint: "f", token: 7)
    }

    @Test func `A first judgement opens what reaches the threshold and no more`() {
        let difference = comparison.difference(
            current: stored([Sample.finding("CVE-1", .critical), Sample.finding("CVE-2", .medium)]),
            announced: nil
        )
        #expect(difference.change?.cause == .detected)
        #expect(difference.change?.changes == [.opened(Sample.finding("CVE-1", .critical))])
        guard case .write(let announced) = difference.update else {
            Issue.record("nothing is written")
            return
        }
        #expect(announced.findings.count == 2, "milder ones are remembered, so that a lower threshold floods nobody")
    }

    @Test func `A judgement tells what came, went and changed`() {
        let before = AnnouncedImage(
            stored([Sample.finding("CVE-1"), Sample.finding("CVE-2"), Sample.finding("CVE-3", .low)])
        )
        let after = stored([
            Sample.finding("CVE-2", .critical), Sample.finding("CVE-3", .medium), Sample.finding("CVE-4"),
        ])
        let difference = comparison.difference(current: after, announced: before)
        #expect(difference.change?.cause == .changed)
        #expect(
            difference.change?.changes == [
                .severityChanged(Sample.finding("CVE-2", .critical), from: .high),
                .opened(Sample.finding("CVE-4")),
                .resolved(Sample.finding("CVE-1")),
            ]
        )
        #expect(difference.change?.writeToken == 7)
    }

    @Test
    func `What leaves the scope is announced as that, its removal is silent, and its return is coverage regained`() {
        let leftOut = stored([], Coverage(.outOfScope, reason: "older"))
        let before = AnnouncedImage(stored([Sample.finding("CVE-1")]))
        let left = comparison.difference(current: leftOut, announced: before)
        #expect(left.change?.cause == .coverageLost(Coverage(.outOfScope, reason: "older")))
        #expect(left.change?.openFindings == [.high: 1])
        guard case .write(let announced) = left.update else {
            Issue.record("nothing is written")
            return
        }
        #expect(comparison.difference(current: nil, announced: announced).change == nil)
        #expect(comparison.difference(current: nil, announced: before).change?.cause == .removed)
        let back = comparison.difference(current: stored([Sample.finding("CVE-1")]), announced: announced)
        #expect(back.change?.cause == .coverageRegained(Coverage(.scanned, at: 1)))
    }

    @Test func `A severity that falls below the threshold is announced`() {
        let difference = comparison.difference(
            current: stored([Sample.finding("CVE-1", .low)]),
            announced: AnnouncedImage(stored([Sample.finding("CVE-1")]))
        )
        #expect(difference.change?.changes == [.severityChanged(Sample.finding("CVE-1", .low), from: .high)])
    }

    @Test(arguments: [
        Coverage.State.failed, .expiredEligibility, .accessDenied, .regionOff, .unsupported, .archived, .neverScanned,
        .accountInactive,
    ]) func `Lost coverage is never resolution, and the last findings stand`(state: Coverage.State) {
        let before = AnnouncedImage(stored([Sample.finding("CVE-1"), Sample.finding("CVE-2", .critical)]))
        let lost = stored([], Coverage(state, reason: "because"))
        let difference = comparison.difference(current: lost, announced: before)
        #expect(difference.change?.cause == .coverageLost(Coverage(state, reason: "because")))
        #expect(difference.change?.changes == [])
        #expect(difference.change?.openFindings == [.high: 1, .critical: 1])
        guard case .write(let next) = difference.update else {
            Issue.record("nothing is written")
            return
        }
        #expect(next.findings == before.findings)
        #expect(comparison.difference(current: lost, announced: next) == ImageDifference(change: nil, update: .none))
    }

    @Test func `After lost coverage the change is measured against the last judgement`() {
        var before = AnnouncedImage(stored([Sample.finding("CVE-1"), Sample.finding("CVE-2")]))
        before.coverage = Coverage(.failed)
        let again = stored([Sample.finding("CVE-2"), Sample.finding("CVE-3")], Coverage(.scanned, at: 9))
        let difference = comparison.difference(current: again, announced: before)
        #expect(difference.change?.cause == .coverageRegained(Coverage(.scanned, at: 9)))
        #expect(difference.change?.changes == [.opened(Sample.finding("CVE-3")), .resolved(Sample.finding("CVE-1"))])
    }

    @Test(arguments: [Coverage.State.waiting, .throttled])
    func `A state that will pass tells nothing and forgets nothing`(state: Coverage.State) {
        let before = AnnouncedImage(stored([Sample.finding("CVE-1")]))
        let difference = comparison.difference(current: stored([], Coverage(state)), announced: before)
        #expect(difference == ImageDifference(change: nil, update: .none))
    }

    @Test func `A rescan with the same result is neither change nor a write`() {
        let before = AnnouncedImage(stored([Sample.finding("CVE-1")]))
        let difference = comparison.difference(
            current: stored([Sample.finding("CVE-1")], Coverage(.scanned, at: 99)),
            announced: before
        )
        #expect(difference == ImageDifference(change: nil, update: .none))
    }

    @Test func `A removed image is announced where its findings were`() {
        let before = AnnouncedImage(stored([Sample.finding("CVE-1")]))
        let difference = comparison.difference(current: nil, announced: before)
        #expect(difference.change?.cause == .removed)
        #expect(difference.change?.changes == [])
        #expect(difference.change?.openFindings == [.high: 1])
        #expect(difference.update == .forget(before))
        let clean = AnnouncedImage(stored([]))
        #expect(
            comparison.difference(current: nil, announced: clean)
                == ImageDifference(change: nil, update: .forget(clean))
        )
    }

    @Test func `What is suppressed is not counted where an image is removed or status no more`() {
        let rule = Suppression(scope: .init(vulnerability: Glob("CVE-1")), reason: "why", expires: 51)
        let comparison = ImageComparison(threshold: .high, suppressions: Suppressions([rule]))
        let before = AnnouncedImage(stored([Sample.finding("CVE-1"), Sample.finding("CVE-2", .critical)]))
        let removed = comparison.difference(current: nil, announced: before)
        #expect(removed.change?.openFindings == [.critical: 1])
        let lost = comparison.difference(current: stored([], Coverage(.failed)), announced: before)
        #expect(lost.change?.openFindings == [.critical: 1])
        let quiet = AnnouncedImage(stored([Sample.finding("CVE-1")]))
        #expect(comparison.difference(current: nil, announced: quiet).change == nil)
        #expect(comparison.difference(current: nil, announced: quiet, at: 51).change?.openFindings == [.high: 1])
    }

    @Test func `An image that nobody status yet is remembered in silence, and its first judgement is a detection`() {
        let difference = comparison.difference(current: stored([], Coverage(.failed)), announced: nil)
        #expect(difference.change == nil)
        guard case .write(let announced) = difference.update else {
            Issue.record("nothing is written")
            return
        }
        let next = comparison.difference(current: stored([Sample.finding("CVE-1")]), announced: announced)
        #expect(next.change?.cause == .detected)
    }
}
