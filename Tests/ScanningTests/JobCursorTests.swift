import Domain
import Scanning
import Testing

@Suite struct WorkCursorTests {
    private func digest(_ start: String) -> ImageDigest { ImageDigest(rawValue: "sha256:\(start)0123456789") }

    @Test func `Progress comes back from the queue as it was`() {
        let cursors: [JobCursor] = [
            .start, .behind(digest("a")), .recheck(notBefore: 1234.5, number: 2),
            .due(notBefore: 1234.25, after: .end(of: 1000.5)),
            .due(notBefore: 1, after: DuePoint(time: 2, digest: digest("c"))),
        ]
        for cursor in cursors {
            var progress = JobProgress(cursor: cursor, began: 99.75)
            #expect(JobProgress(progress.text) == progress)
            progress.tally.add(.images, 7)
            progress.tally.add(.gaps, 2)
            _ = progress.queueRecheck(digest("b"))
            #expect(JobProgress(progress.text) == progress)
        }
        #expect(JobProgress(nil) == JobProgress())
    }

    @Test func `A job that an earlier version began goes on, or begins anew`() {
        #expect(JobProgress("sha256:abc").cursor == .behind(ImageDigest(rawValue: "sha256:abc")))
        #expect(JobProgress("later 1234.5 2 aaaaaaaa,bbbbbbbb") == JobProgress())
    }

    @Test func `Marked images are looked at again a few times, and only they`() throws {
        var progress = JobProgress(began: 0)
        var times: [Double] = []
        while progress.queueRecheck(digest("b")), let next = progress.rechecking(now: 100) {
            times.append(try #require(next.cursor.notBefore))
            progress = next
            #expect(progress.takeQueued(among: [digest("b"), digest("c")]) { $0 } == [digest("b")])
        }
        #expect(times == JobCursor.delays.map { 100 + $0 })
        #expect(JobProgress(began: 0).rechecking(now: 0) == nil)
    }

    @Test func `The text stays small however many images are marked`() {
        var progress = JobProgress(cursor: .behind(digest("0")), began: 0)
        let marked = (0..<5000).filter { progress.queueRecheck(digest(String($0, radix: 16))) }
        #expect(marked.count == 200 && progress.text.utf8.count < 2000)
    }

    @Test func `Where the budget is short, what was used last is scanned first`() {
        let place = RepositoryReference(
            registry: Registry(account: AccountID(rawValue: "123456789012"), region: RegionName(rawValue: "eu-west-1")),
            name: RepositoryName(rawValue: "r")
        )
        func entry(_ start: String, pushed: Double, pulled: Double?) -> RepositoryContents.Entry {
            let image = Image(
                place: ImageReference(repository: place, digest: digest(start)),
                tags: [],
                pushedAt: pushed
            )
            return RepositoryContents.Entry(image: image, coverage: nil, lastPulledAt: pulled)
        }
        let due = [
            entry("a", pushed: 1, pulled: nil), entry("b", pushed: 2, pulled: 50), entry("c", pushed: 40, pulled: nil),
            entry("d", pushed: 30, pulled: 35),
        ]
        #expect(ScanBudget.first(2, of: due) == [digest("b"), digest("c")])
        #expect(ScanBudget.first(0, of: due).isEmpty)
        #expect(ScanBudget.first(9, of: due).count == 4)
    }
}
