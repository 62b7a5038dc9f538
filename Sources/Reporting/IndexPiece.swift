internal import Compression
internal import Domain
internal import JSON

/// One registry's repositories in `index.json`, with every image that could not be judged and the reason.
struct IndexPiece {
    var piece: PieceWriter
    /// Repositories that something stands in the way of.
    private(set) var obstacles = 0
    private var repository: (name: RepositoryName, tally: Tally)?
    /// Those that no image has been seen of yet.
    private var waiting: [RepositoryName: JudgedRepository]

    init(repositories: [JudgedRepository]) throws {
        piece = try PieceWriter()
        waiting = Dictionary(repositories.map { ($0.place.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func add(_ image: JudgedImage) {
        let name = image.image.place.repository.name
        if repository?.name != name {
            endRepository()
            begin(name)
        }
        repository?.tally.add(image)
        if !image.coverage.isJudged { writeGap(image) }
    }

    mutating func finish() -> [UInt8] {
        endRepository()
        for name in waiting.keys.sorted() {
            begin(name)
            endRepository()
        }
        return piece.finish()
    }

    private mutating func begin(_ name: RepositoryName) {
        let known = waiting.removeValue(forKey: name)
        repository = (name, Tally())
        piece.json.beginObject()
        piece.json.member("name", name.rawValue)
        piece.json.member("images_beyond_limit", known?.imagesBeyondLimit ?? 0)
        piece.json.member("images_out_of_scope", known?.imagesOutOfScope ?? 0)
        piece.json.write(known?.obstacle)
        if known?.obstacle != nil { obstacles += 1 }
        if let scan = known?.scanObstacle { piece.json.object("scan_obstacle") { scan.write(to: &$0) } }
        piece.json.key("not_judged")
        piece.json.beginArray()
    }

    private mutating func endRepository() {
        guard let (_, tally) = repository else { return }
        piece.json.endArray()
        tally.write(to: &piece.json)
        piece.json.endObject()
        repository = nil
    }

    private mutating func writeGap(_ image: JudgedImage) {
        piece.json.object { json in
            json.member("digest", image.image.place.digest.rawValue)
            json.array("tags", image.image.tags) { $0.string($1) }
            image.coverage.write(to: &json)
        }
    }
}

extension JSONWriter {
    /// Writes the member `obstacle`.
    mutating func write(_ obstacle: Coverage?) {
        key("obstacle")
        if let obstacle { object { obstacle.write(to: &$0) } } else { null() }
    }
}

extension Coverage {
    /// Writes `state`, `reason` and `at` as members of the object that is open.
    func write(to json: inout JSONWriter) {
        json.member("state", state.rawValue)
        json.member("reason", reason)
        json.member("at", time: at)
    }
}
