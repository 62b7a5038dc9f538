package import Domain

/// Which images of a repository are looked at; the others are out of scope, which is no gap, but they are counted.
package struct ImageScope: Hashable, Sendable {
    /// A tagged image is looked at where one of its tags fits one of these; empty means all.
    package var tags: [Glob]
    /// Whether images without a tag are looked at; the children of a tagged index have its tags.
    package var includesUntagged: Bool
    /// The newest images that are looked at, of those that fit; 0 is all.
    package var limit: Int

    /// Describes a choice; without arguments every image.
    package init(tags: [Glob] = [], includesUntagged: Bool = true, limit: Int = 0) {
        self.tags = tags
        self.includesUntagged = includesUntagged
        self.limit = limit
    }

    /// Whether an image with these tags is looked at.
    package func includes(_ imageTags: some Collection<String>) -> Bool {
        if imageTags.isEmpty { return includesUntagged }
        return tags.isEmpty || imageTags.contains { tag in tags.contains { $0.matches(tag) } }
    }
}
