/// One repository with its images in the order in which they were pushed.
struct SimulatedRepository: Sendable {
    var name: String
    var createdAt: Double
    /// Listed, but gone when it is asked for: deleted in between.
    var vanishes = false
    private(set) var images: [SimulatedImage] = []
    private var positions: [String: Int] = [:]

    init(name: String, createdAt: Double) {
        self.name = name
        self.createdAt = createdAt
    }

    /// Appends the image; one whose digest is there already is left out.
    mutating func push(_ image: SimulatedImage) {
        guard positions[image.digest] == nil else { return }
        positions[image.digest] = images.count
        images.append(image)
    }

    mutating func delete(digest: String) {
        images.removeAll { $0.digest == digest }
        positions = Dictionary(uniqueKeysWithValues: images.enumerated().map { ($0.element.digest, $0.offset) })
    }

    /// The image's place; nil where the repository has no such digest.
    func position(digest: String) -> Int? { positions[digest] }

    /// The digests of the indexes that list the image.
    func indexes(of digest: String) -> [String] {
        images.filter { $0.kind == .index && $0.children.contains(digest) }.map(\.digest)
    }

    func position(tag: String) -> Int? { images.firstIndex { $0.tags.contains(tag) } }

    mutating func update<Result>(_ position: Int, _ change: (inout SimulatedImage) throws -> Result) rethrows -> Result
    {
        try change(&images[position])
    }
}
