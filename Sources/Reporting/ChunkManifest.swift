internal import Compression
internal import Domain
internal import JSON

/// What a segment records about one run of a registry's repositories.
///
/// A later report needs no more to copy the run unchanged, or to find which runs it has to rebuild.
struct ChunkManifest: Hashable {
    /// The position of a run in the registry's own file.
    struct Extent: Hashable {
        /// The position of its first compressed byte.
        var offset = 0
        /// How many compressed bytes it has.
        var length = 0
        var seal = StreamChecksum()
    }

    /// The repositories of the run, in the order of their images.
    var repositories: [RepositoryName] = []
    /// The first digits of the images' fingerprints, concatenated in the order of the images.
    private(set) var fingerprints = ""
    /// The fingerprint of all its images and repositories.
    private(set) var fingerprint = RegistryFingerprint()
    var region = Extent()
    /// The checksum of its piece of `findings.json`, which is empty if no image is judged.
    var legacy = StreamChecksum()
    /// The checksum of its piece of `index.json`.
    var index = StreamChecksum()
    private(set) var tally = CoverageCounts()
    /// How many repositories of the run have an obstacle.
    var obstacles = 0

    init() {}

    /// Adds an image; `known` is the stored status of its repository.
    mutating func add(_ image: SourceImage, of known: RepositoryStatus?) {
        let place = image.place
        if repositories.last != place.repository.name {
            repositories.append(place.repository.name)
            if let known { fingerprint.add(known) }
        }
        fingerprints += image.fingerprint.prefix(RegistryFingerprint.imageDigits)
        fingerprint.add(place, fingerprint: image.fingerprint)
        tally.add(image.judged)
    }

    /// The first digits of each image's fingerprint.
    var imageFingerprints: [String] {
        let digits = Array(fingerprints.utf8)
        return stride(from: 0, to: digits.count, by: RegistryFingerprint.imageDigits).map { start in
            String(decoding: digits[start..<min(start + RegistryFingerprint.imageDigits, digits.count)], as: UTF8.self)
        }
    }

    /// The manifest as one JSON object.
    var encoded: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.array("repositories", repositories) { $0.string($1.rawValue) }
            json.member("fingerprints", fingerprints)
            json.member("fingerprint", fingerprint.text)
            json.array("extent", [region.offset, region.length]) { $0.number($1) }
            for (name, seal) in [("region", region.seal), ("seed", legacy), ("index", index)] {
                json.member(name, seal: seal)
            }
            tally.write(to: &json)
            tally.writeClasses(to: &json)
            json.member("obstacles", obstacles)
        }
        return json.drain()
    }

    init(_ bytes: [UInt8]) throws {
        self = try JSONCursor.parse(bytes) { json in
            var note = ChunkManifest()
            try json.readObject { try note.read($0, from: &$1) }
            return note
        }
    }

    private mutating func read(_ key: String, from json: inout JSONCursor) throws {
        switch key {
        case "repositories": repositories = try json.readList { RepositoryName(rawValue: try $0.readString()) }
        case "fingerprints": fingerprints = try json.readString()
        case "fingerprint":
            let text = try json.readString()
            guard let known = RegistryFingerprint(text) else { throw UnknownWord(word: text) }
            fingerprint = known
        case "extent":
            let numbers = try json.readList { try $0.readInt() }
            guard numbers.count == 2 else { throw UnknownWord(word: "extent") }
            (region.offset, region.length) = (numbers[0], numbers[1])
        case "region": region.seal = try StreamChecksum(reading: &json)
        case "seed": legacy = try StreamChecksum(reading: &json)
        case "index": index = try StreamChecksum(reading: &json)
        case "obstacles": obstacles = try json.readInt()
        default: try tally.read(key, from: &json)
        }
    }
}

extension JSONWriter {
    /// Writes a member that `StreamChecksum.init(reading:)` reads.
    mutating func member(_ key: String, seal: StreamChecksum) {
        array(key, [Int(seal.checksum), seal.count]) { $0.number($1) }
    }
}

extension StreamChecksum {
    init(reading json: inout JSONCursor) throws {
        let numbers = try json.readList { try $0.readInt() }
        guard numbers.count == 2, let checksum = UInt32(exactly: numbers[0]) else { throw UnknownWord(word: "seal") }
        self.init(checksum: checksum, count: numbers[1])
    }
}
