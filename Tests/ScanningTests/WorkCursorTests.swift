import Domain
import Scanning
import Testing

@Suite struct WorkCursorTests {
    private func digest(_ start: String) -> ImageDigest { ImageDigest(rawValue: "sha256:\(start)0123456789") }

    @Test func `A cursor comes back from the queue as it was`() {
        let cursors: [WorkCursor] = [
            .start, .behind(digest("a")), .later(notBefore: 1234.5, look: 2, marks: ["aaaaaaaa", "bbbbbbbb"]),
        ]
        for cursor in cursors { #expect(WorkCursor(cursor.text) == cursor) }
        #expect(WorkCursor(nil) == .start)
        #expect(WorkCursor("sha256:abc") == .behind(ImageDigest(rawValue: "sha256:abc")))
    }

    @Test func `Scans that are under way are looked at again a few times, and only they`() throws {
        var cursor = WorkCursor.start
        var times: [Double] = []
        while let next = cursor.following([digest("b")], now: 100) {
            guard case .later(let time, _, _) = next else { break }
            times.append(time)
            cursor = next
        }
        #expect(times == WorkCursor.delays.map { 100 + $0 })
        let later = try #require(WorkCursor.start.following([digest("b")], now: 0))
        #expect(later.leaves(digest("b")))
        #expect(!later.leaves(digest("c")))
        #expect(WorkCursor.start.following([], now: 0) == nil)
    }

    @Test func `A cursor stays small however many scans are under way`() throws {
        let many = (0..<5000).map { digest(String($0, radix: 16)) }
        let cursor = try #require(WorkCursor.behind(digest("0")).following(many, now: 0))
        #expect(cursor.text.utf8.count < 2000)
    }

    @Test func `Where the budget is short, what was used last is scanned first`() {
        let place = RepositoryPlace(
            registry: Registry(account: AccountID(rawValue: "123456789012"), region: RegionName(rawValue: "eu-west-1")),
            name: RepositoryName(rawValue: "r")
        )
        func entry(_ start: String, pushed: Double, pulled: Double?) -> RepositoryContents.Entry {
            let image = Image(place: ImagePlace(repository: place, digest: digest(start)), tags: [], pushedAt: pushed)
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
