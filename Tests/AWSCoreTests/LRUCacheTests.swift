internal import AWSCore
internal import Testing

@Suite struct RecentlyUsedTests {
    @Test func `Makes a value once, and forgets those that were used longest ago`() {
        var memory = LRUCache<Int, String>(limit: 4)
        for key in 1...4 { #expect(memory.value(for: key) { "first \(key)" } == "first \(key)") }
        #expect(memory.value(for: 1) { "second" } == "first 1")
        #expect(memory.value(for: 5) { "first 5" } == "first 5")
        #expect(memory.count == 3)
        #expect(memory.value(for: 1) { "second" } == "first 1")
        #expect(memory.value(for: 4) { "second" } == "first 4")
        #expect(memory.value(for: 2) { "second" } == "second")
    }

    @Test func `Never remembers more than its limit`() {
        for limit in [0, 1, 2, 3, 100] {
            var memory = LRUCache<Int, Int>(limit: limit)
            for key in 0..<1000 {
                #expect(memory.value(for: key) { key } == key)
                #expect(memory.count <= max(1, limit))
            }
        }
    }
}
