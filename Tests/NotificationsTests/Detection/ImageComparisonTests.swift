import Domain
import FindingStore
import Notifications
import Testing

extension ImageComparison {
    fileprivate func verdict(current: StoredImage?, announced: AnnouncedImage?) -> ImageVerdict {
        verdict(current: current, announced: announced, at: 50)
    }
}

@Suite struct ImageComparisonTests {
    let comparison = ImageComparison(threshold: .high)

    private func stored(_ findings: [Finding], _ coverage: Coverage = Coverage(.scanned, at: 1)) -> StoredImage {
        StoredImage(judged: Sample.image("a", findings, coverage: coverage), fingerprint: "f", token: 7)
    }

    @Test func `A first judgement opens what reaches the threshold and no more`() {
        let verdict = comparison.verdict(
            current: stored([Sample.finding("CVE-1", .critical), Sample.finding("CVE-2", .medium)]),
            announced: nil
        )
        #expect(verdict.news?.occasion == .detected)
        #expect(verdict.news?.changes == [.opened(Sample.finding("CVE-1", .critical))])
        guard case .write(let announced) = verdict.update else {
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
        let verdict = comparison.verdict(current: after, announced: before)
        #expect(verdict.news?.occasion == .changed)
        #expect(
            verdict.news?.changes == [
                .severityChanged(Sample.finding("CVE-2", .critical), from: .high),
                .opened(Sample.finding("CVE-4")),
                .resolved(Sample.finding("CVE-1")),
            ]
        )
        #expect(verdict.news?.revision == 7)
    }

    @Test func `What leaves the scope is told as that, its removal is silent, and its return is coverage regained`() {
        let leftOut = stored([], Coverage(.outOfScope, reason: "older"))
        let told = AnnouncedImage(stored([Sample.finding("CVE-1")]))
        let left = comparison.verdict(current: leftOut, announced: told)
        #expect(left.news?.occasion == .coverageLost(Coverage(.outOfScope, reason: "older")))
        #expect(left.news?.standing == [.high: 1])
        guard case .write(let announced) = left.update else {
            Issue.record("nothing is written")
            return
        }
        #expect(comparison.verdict(current: nil, announced: announced).news == nil)
        #expect(comparison.verdict(current: nil, announced: told).news?.occasion == .removed)
        let back = comparison.verdict(current: stored([Sample.finding("CVE-1")]), announced: announced)
        #expect(back.news?.occasion == .coverageRegained(Coverage(.scanned, at: 1)))
    }

    @Test func `A severity that falls below the threshold is told`() {
        let verdict = comparison.verdict(
            current: stored([Sample.finding("CVE-1", .low)]),
            announced: AnnouncedImage(stored([Sample.finding("CVE-1")]))
        )
        #expect(verdict.news?.changes == [.severityChanged(Sample.finding("CVE-1", .low), from: .high)])
    }

    @Test(arguments: [
        Coverage.State.failed, .expiredEligibility, .accessDenied, .regionOff, .unsupported, .archived, .neverScanned,
        .accountInactive,
    ]) func `Lost coverage is never resolution, and the last findings stand`(state: Coverage.State) {
        let before = AnnouncedImage(stored([Sample.finding("CVE-1"), Sample.finding("CVE-2", .critical)]))
        let lost = stored([], Coverage(state, reason: "because"))
        let verdict = comparison.verdict(current: lost, announced: before)
        #expect(verdict.news?.occasion == .coverageLost(Coverage(state, reason: "because")))
        #expect(verdict.news?.changes == [])
        #expect(verdict.news?.standing == [.high: 1, .critical: 1])
        guard case .write(let next) = verdict.update else {
            Issue.record("nothing is written")
            return
        }
        #expect(next.findings == before.findings)
        #expect(comparison.verdict(current: lost, announced: next) == ImageVerdict(news: nil, update: .none))
    }

    @Test func `After lost coverage the news is measured against the last judgement`() {
        var before = AnnouncedImage(stored([Sample.finding("CVE-1"), Sample.finding("CVE-2")]))
        before.coverage = Coverage(.failed)
        let again = stored([Sample.finding("CVE-2"), Sample.finding("CVE-3")], Coverage(.scanned, at: 9))
        let verdict = comparison.verdict(current: again, announced: before)
        #expect(verdict.news?.occasion == .coverageRegained(Coverage(.scanned, at: 9)))
        #expect(verdict.news?.changes == [.opened(Sample.finding("CVE-3")), .resolved(Sample.finding("CVE-1"))])
    }

    @Test(arguments: [Coverage.State.waiting, .throttled])
    func `A state that will pass tells nothing and forgets nothing`(state: Coverage.State) {
        let before = AnnouncedImage(stored([Sample.finding("CVE-1")]))
        let verdict = comparison.verdict(current: stored([], Coverage(state)), announced: before)
        #expect(verdict == ImageVerdict(news: nil, update: .none))
    }

    @Test func `A rescan with the same result is neither news nor a write`() {
        let before = AnnouncedImage(stored([Sample.finding("CVE-1")]))
        let verdict = comparison.verdict(
            current: stored([Sample.finding("CVE-1")], Coverage(.scanned, at: 99)),
            announced: before
        )
        #expect(verdict == ImageVerdict(news: nil, update: .none))
    }

    @Test func `A removed image is told where its findings were`() {
        let before = AnnouncedImage(stored([Sample.finding("CVE-1")]))
        let verdict = comparison.verdict(current: nil, announced: before)
        #expect(verdict.news?.occasion == .removed)
        #expect(verdict.news?.changes == [])
        #expect(verdict.news?.standing == [.high: 1])
        #expect(verdict.update == .forget(before))
        let clean = AnnouncedImage(stored([]))
        #expect(comparison.verdict(current: nil, announced: clean) == ImageVerdict(news: nil, update: .forget(clean)))
    }

    @Test func `What is suppressed is not counted where an image is removed or judged no more`() {
        let rule = Suppression(scope: .init(vulnerability: Glob("CVE-1")), reason: "why", expires: 51)
        let comparison = ImageComparison(threshold: .high, suppressions: Suppressions([rule]))
        let before = AnnouncedImage(stored([Sample.finding("CVE-1"), Sample.finding("CVE-2", .critical)]))
        let removed = comparison.verdict(current: nil, announced: before)
        #expect(removed.news?.standing == [.critical: 1])
        let lost = comparison.verdict(current: stored([], Coverage(.failed)), announced: before)
        #expect(lost.news?.standing == [.critical: 1])
        let quiet = AnnouncedImage(stored([Sample.finding("CVE-1")]))
        #expect(comparison.verdict(current: nil, announced: quiet).news == nil)
        #expect(comparison.verdict(current: nil, announced: quiet, at: 51).news?.standing == [.high: 1])
    }

    @Test func `An image that nobody judged yet is remembered in silence, and its first judgement is a detection`() {
        let verdict = comparison.verdict(current: stored([], Coverage(.failed)), announced: nil)
        #expect(verdict.news == nil)
        guard case .write(let announced) = verdict.update else {
            Issue.record("nothing is written")
            return
        }
        let next = comparison.verdict(current: stored([Sample.finding("CVE-1")]), announced: announced)
        #expect(next.news?.occasion == .detected)
    }
}
