import FindingStore
import Testing

@testable import ChangeFeed

@Suite struct CheckpointKeyTests {
    @Test func `The checkpoint lies where other programs look for it, and is no image`() {
        #expect(Key.checkpoint == Key(partition: "checkpoint", sort: "stream"))
        #expect(Key.checkpoint.imagePlace == nil)
    }
}
