import Compression
import Domain
import JSON
import Reporting
import Synchronization

/// An organization in memory.
struct SampleSource: ReportSource {
    var allAccounts: [AccountStatus] = []
    var allRegistries: [RegistryStatus] = []
    var allRepositories: [RepositoryStatus] = []
    var images: [ImageStatus] = []
    var known: [Vulnerability] = []
    var allSweeps: [SweepState] = []
    /// Tells fingerprints that nothing ever had.
    var isForgetful = false
    /// How often a registry was read, how many images were asked for by their places, and which vulnerabilities.
    let passes = Shared(0)
    let reads = Shared(0)
    let asked = Shared<[String]>([])

    func accounts() -> [AccountStatus] { allAccounts }
    func registries() -> [RegistryStatus] { allRegistries }
    func repositories(in registry: Registry) -> [RepositoryStatus] {
        allRepositories.filter { $0.place.registry == registry }
    }
    func images(in registry: Registry) -> AsyncStream<SourceImage> {
        let own = images.filter { $0.image.place.repository.registry == registry }
            .sorted { Self.sortKey($0) < Self.sortKey($1) }
        passes.update { $0 + 1 }
        return AsyncStream { continuation in
            for image in own { continuation.yield(sourceImage(image)) }
            continuation.finish()
        }
    }
    func images(at places: [ImageReference]) -> [SourceImage] {
        reads.update { $0 + places.count }
        return images.filter { places.contains($0.image.place) }.map(sourceImage)
    }
    func fingerprints(in registry: Registry, _ take: (ImageReference, String) -> Void) {
        for image in images where image.image.place.repository.registry == registry {
            take(image.image.place, sourceImage(image).fingerprint)
        }
    }
    private func sourceImage(_ image: ImageStatus) -> SourceImage {
        let number = isForgetful ? UInt64.random(in: .min ... .max) : UInt64(UInt(bitPattern: image.hashValue))
        let digits = String(number, radix: 16)
        return SourceImage(image, fingerprint: String(repeating: "0", count: 16 - digits.count) + digits)
    }
    /// What DynamoDB sorts images by.
    private static func sortKey(_ image: ImageStatus) -> String {
        "\(image.image.place.repository.name)@\(image.image.place.digest)"
    }
    func vulnerabilities(_ ids: [String]) -> [Vulnerability] {
        asked.update { $0 + ids }
        return known.filter { ids.contains($0.id) }
    }
    func sweeps() -> [SweepState] { allSweeps }
}

/// Something that copies of a source share.
final class Shared<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }

    var now: Value { value.withLock { $0 } }

    func set(_ new: Value) { value.withLock { $0 = new } }
    func update(_ change: (Value) -> Value) { value.withLock { $0 = change($0) } }
}

/// The report's files in memory; pieces are small, so that every border between them is met.
final class Shelf: ReportStorage {
    struct State {
        var files: [String: [UInt8]] = [:]
        /// Names in the order in which they were finished.
        var finished: [String] = []
        var removed: [String] = []
        /// Fails at the finish of this file.
        var broken: String?
    }

    let state = Mutex(State())

    init(_ files: [String: [UInt8]] = [:]) { state.withLock { $0.files = files } }

    var files: [String: [UInt8]] { state.withLock { $0.files } }
    /// Names as they were stored, those of the parts left out.
    var names: [String] { state.withLock { $0.finished.filter { !$0.hasPrefix("parts/") } } }

    func open() -> Set<String> { Set(files.keys) }
    func read(_ name: String) -> Reader? { files[name].map { Reader(rest: $0[...]) } }
    func readEnd(of name: String, count: Int) -> [UInt8]? { files[name]?.suffix(count) }
    func begin(_ file: ReportFile) -> Upload { Upload(deliveryState: self, file: file) }

    func remove(_ name: String) {
        state.withLock { state in
            state.files[name] = nil
            state.removed.append(name)
        }
    }

    struct Reader: ReportReader {
        var rest: ArraySlice<UInt8>

        mutating func next() -> [UInt8]? {
            defer { rest = rest.dropFirst(777) }
            return rest.isEmpty ? nil : Array(rest.prefix(777))
        }
    }

    struct Upload: ReportUpload {
        let deliveryState: Shelf
        let file: ReportFile
        var bytes: [UInt8] = []

        mutating func append(_ bytes: [UInt8]) { self.bytes += bytes }

        mutating func finish() throws {
            try deliveryState.state.withLock { state in
                if state.broken == file.name { throw Missing(name: file.name) }
                if bytes.isEmpty { return }
                state.files[file.name] = bytes
                state.finished.append(file.name)
            }
        }

        mutating func cancel() {}
    }

    /// The JSON of a document.
    func bytes(_ name: String) throws -> [UInt8] {
        guard let body = files[name] else { throw Missing(name: name) }
        return try Gzip.decompress(body, limit: 1 << 30)
    }

    func value(_ name: String) throws -> Value { try JSONCursor.parse(try bytes(name)) { try Value(reading: &$0) } }

    struct Missing: Error {
        var name: String
    }
}

/// Any JSON, to look at what was written.
indirect enum Value: Equatable {
    case object([String: Value])
    case array([Value])
    case string(String)
    case number(Double)
    case bool(Bool)
    case null

    init(reading cursor: inout JSONCursor) throws {
        switch try cursor.peek() {
        case .object:
            var members: [String: Value] = [:]
            try cursor.readObject { key, value in
                guard members.updateValue(try Value(reading: &value), forKey: key) == nil else { throw Twice(key: key) }
            }
            self = .object(members)
        case .array: self = .array(try cursor.readList { try Value(reading: &$0) })
        case .string: self = .string(try cursor.readString())
        case .number: self = .number(try cursor.readDouble())
        case .bool: self = .bool(try cursor.readBool())
        case .null: self = try cursor.readNull() ? .null : .null
        }
    }

    struct Twice: Error {
        var key: String
    }

    subscript(_ key: String) -> Value? { if case .object(let members) = self { members[key] } else { nil } }
    subscript(_ index: Int) -> Value? {
        if case .array(let list) = self, list.indices.contains(index) { list[index] } else { nil }
    }
    var text: String? { if case .string(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number } else { nil } }
    var list: [Value] { if case .array(let list) = self { list } else { [] } }
    var keys: Set<String> { if case .object(let members) = self { Set(members.keys) } else { [] } }
}

/// Images and findings by short names.
enum Sample {
    static let production = AccountID(rawValue: "111122223333")
    static let europe = Registry(account: production, region: RegionName(rawValue: "eu-west-1"))

    static func finding(_ id: String, _ severity: Severity = .high, package: String = "openssl") -> Finding {
        Finding(
            key: Finding.Key(vulnerability: id, package: package, version: "3.0"),
            severity: severity,
            fixedVersion: "3.1",
            score: 7.5
        )
    }

    static func image(
        _ digest: String,
        tags: [String],
        _ findings: [Finding] = [],
        coverage: Coverage = Coverage(.scanned, at: 0),
        repository: String = "team/app",
        in registry: Registry = europe
    ) -> ImageStatus {
        let place = ImageReference(
            repository: RepositoryReference(registry: registry, name: RepositoryName(rawValue: repository)),
            digest: ImageDigest(rawValue: "sha256:\(digest)")
        )
        return ImageStatus(
            image: Image(place: place, tags: tags, pushedAt: 86_400),
            coverage: coverage,
            counts: nil,
            findings: findings
        )
    }

    static func account(
        _ id: AccountID,
        _ name: String,
        unit: String? = nil,
        obstacle: Coverage? = nil
    ) -> AccountStatus {
        let account = Account(id: id, name: name, state: .active, organizationalUnit: unit)
        return AccountStatus(account: account, obstacle: obstacle)
    }
}
