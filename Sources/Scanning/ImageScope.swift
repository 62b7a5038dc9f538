package import Domain

/// Which images of a repository are scanned; the others are out of scope: counted, but no gap.
package struct ImageScope: Hashable, Sendable {
    /// A tagged image is scanned if one of its tags matches one of these; empty means all.
    package var tags: [Glob]
    /// Whether images without a tag are scanned; the children of a tagged index count as having its tags.
    package var includesUntagged: Bool
    /// How many images are scanned, the newest of those that match; 0 is all.
    package var limit: Int

    /// Describes a scope; without arguments every image.
    package init(tags: [Glob] = [], includesUntagged: Bool = true, limit: Int = 0) {
        self.tags = tags
        self.includesUntagged = includesUntagged
        self.limit = limit
    }

    /// Whether an image with these tags is scanned, as far as tags decide; `limit` is applied later.
    package func includes(_ imageTags: some Collection<String>) -> Bool {
        if imageTags.isEmpty { return includesUntagged }
        return tags.isEmpty || imageTags.contains { tag in tags.contains { $0.matches(tag) } }
    }
}
