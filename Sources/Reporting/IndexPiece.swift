internal import Compression
internal import Domain
internal import JSON

/// Some of a registry's repositories in `index.json`, with every image that could not be judged and the reason.
struct IndexPiece {
    var piece: PieceWriter
    /// How many repositories have an obstacle.
    private(set) var obstacles = 0
    private var repository: (name: RepositoryName, tally: CoverageCounts)?

    init() throws { piece = try PieceWriter() }

    /// Adds an image; `known` is the stored status of its repository.
    mutating func add(_ image: ImageStatus, of known: RepositoryStatus?) {
        let name = image.image.place.repository.name
        if repository?.name != name {
            endRepository()
            begin(name, known)
        }
        repository?.tally.add(image)
        if !image.coverage.isJudged { writeGap(image) }
    }

    /// Adds a repository without images.
    mutating func add(_ empty: RepositoryStatus) {
        endRepository()
        begin(empty.place.name, empty)
    }

    mutating func finish() -> [UInt8] {
        endRepository()
        return piece.finish()
    }

    private mutating func begin(_ name: RepositoryName, _ known: RepositoryStatus?) {
        repository = (name, CoverageCounts())
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

    private mutating func writeGap(_ image: ImageStatus) {
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
    /// Writes `state`, `reason` and `at` as members of the open object.
    func write(to json: inout JSONWriter) {
        json.member("state", state.rawValue)
        json.member("reason", reason)
        json.member("at", time: at)
    }

    /// Reads what `write` wrote.
    init(reading json: inout JSONCursor) throws {
        var state: State?
        var reason: String?
        var at: Double?
        try json.readObject { key, value in
            switch key {
            case "state": state = State(rawValue: try value.readString())
            case "reason": reason = try value.readOptional { try $0.readString() }
            case "at": at = try value.readOptional { try ReportTime(parsing: $0.readString()).seconds }
            default: break
            }
        }
        guard let state else { throw UnknownWord(word: "state") }
        self.init(state, reason: reason, at: at)
    }
}
