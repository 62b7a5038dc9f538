import Testing

@testable import ChangeFeed

@Suite struct ShardTreeTests {
    @Test func `A child waits for its parent`() {
        var tree = ShardTree()
        #expect(tree.update(with: [.init(id: "child", parent: "parent"), .init(id: "parent")]).isEmpty)
        #expect(tree.readable == ["parent"])
        tree.record("parent", .after("5"))
        #expect(tree.readable == ["parent"])
        tree.record("parent", .finished)
        #expect(tree.readable == ["child"])
    }

    @Test func `A child whose parent was trimmed is read`() {
        var tree = ShardTree()
        _ = tree.update(with: [.init(id: "child", parent: "long-gone")])
        #expect(tree.readable == ["child"])
    }

    @Test func `A split opens both children`() {
        var tree = ShardTree(progress: ["parent": .finished])
        _ = tree.update(with: [
            .init(id: "parent"), .init(id: "left", parent: "parent"), .init(id: "right", parent: "parent"),
        ])
        #expect(tree.readable == ["left", "right"])
    }

    @Test func `A finished shard that is no longer listed is forgotten, an unfinished one is a loss`() {
        var tree = ShardTree(progress: ["done": .finished, "half": .after("7"), "new": .beginning])
        #expect(tree.update(with: [.init(id: "later")]) == ["half", "new"])
        #expect(tree.progress == ["later": .beginning])
    }

    @Test func `A listing keeps what was read`() {
        var tree = ShardTree(progress: ["a": .after("7")])
        #expect(tree.update(with: [.init(id: "a"), .init(id: "b", parent: "a")]).isEmpty)
        #expect(tree.progress == ["a": .after("7"), "b": .beginning])
    }
}
