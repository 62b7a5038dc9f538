import Compression
import Domain
import Foundation
import Reporting
import Synchronization
import Testing

/// The files of the report and of the exports, of one small organization.
@Suite struct ReportGoldenTests {
    /// 2025-11-24T12:00:00Z.
    private static let noon: Double = 1_763_985_600

    @Test func `The files of a report, and of one a day later`() async throws {
        let files = MemoryStorage()
        let builder = { (day: Double) in
            ReportBuilder(source: FixedSource(day: day), storage: files, organization: "fleet") {
                Self.noon + day * 86_400
            }
        }
        _ = try await builder(0).publish()
        _ = try await builder(1).publish()
        var described = ""
        for file in files.all.sorted(by: { $0.file.name < $1.file.name }) {
            let (name, encoding) = (file.file.name, file.file.contentEncoding ?? "none")
            described += "\(name) \(file.file.contentType) \(encoding) \(file.file.cacheControl)\n"
            let isPart = name.hasPrefix("parts/")
            let text = isPart ? try PartText.of(file.bytes) : try unpacked(file)
            try expectGolden(text, "Report/\(name)\(isPart ? ".txt" : "")")
        }
        try expectGolden(described, "Report/files.txt")
    }

    private func unpacked(_ file: MemoryStorage.File) throws -> String {
        String(decoding: try Gzip.decompress(file.bytes, limit: 1 << 20), as: UTF8.self)
    }

    @Test func `CSV`() async throws { try expectGolden(try await exported(CSVExport()), "Export/findings.csv") }

    @Test func `SARIF`() async throws {
        try expectGolden(try await exported(SARIFExport(version: "1.2.3")), "Export/findings.sarif")
    }

    @Test func `ASFF`() async throws {
        try expectGolden(try await exported(ASFFExport(now: Self.noon)), "Export/findings.asff.json")
    }

    private func exported(_ format: some FindingExport) async throws -> String {
        var bytes: [UInt8] = []
        _ = try await Exporter(source: FixedSource(day: 1)).run(format, accounts: nil) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// An organization with every kind of place and image that the report distinguishes, on its first day and the next.
private struct FixedSource: ReportSource {
    let day: Double

    func accounts() -> [AccountStatus] {
        let denied = Coverage(.accessDenied, reason: "the role is missing")
        return [
            Sample.account(Sample.sandbox, "=cmd|'/c calc'!A1", obstacle: denied),
            Sample.account(Sample.production, "a,\"b\"", unit: "/Prod"),
        ]
    }

    func registries() -> [RegistryStatus] {
        let off = Coverage(.regionOff)
        return [
            RegistryStatus(registry: Sample.europe, scanType: "BASIC"),
            RegistryStatus(registry: Sample.china, obstacle: off, scanType: "ENHANCED"),
        ]
    }

    func repositories(in registry: Registry) -> [RepositoryStatus] {
        guard registry == Sample.europe else { return [] }
        let (throttled, failed) = (Coverage(.throttled), Coverage(.failed, reason: "why"))
        return [
            RepositoryStatus(
                place: Sample.repository("team/empty"),
                obstacle: throttled,
                scanObstacle: failed,
                imagesBeyondLimit: 7,
                imagesOutOfScope: 5
            )
        ]
    }

    private var all: [ImageStatus] {
        let status = Coverage(.scanned, at: 1_763_985_600 + day * 86_400)
        let (one, two) = (Sample.finding("CVE-1", .critical), Sample.finding("CVE-2", .low))
        let first = day == 0 ? [one, Sample.finding("CVE-1", package: "libssl")] : [one, two]
        return [
            Sample.image("a", tags: ["1.0", "latest"], first, coverage: status),
            Sample.image("b", tags: [], [Sample.bareFinding, Sample.finding("CVE-1", .untriaged)], coverage: status),
            Sample.image("c", tags: ["clean"], coverage: status),
            Sample.image(
                "d",
                tags: [],
                day == 0 ? [two] : [],
                coverage: day == 0 ? status : Coverage(.expiredEligibility)
            ),
            Sample.image(
                "e",
                coverage: Coverage(.failed, reason: "-1\nline \"two\""),
                in: Sample.repository("team/web")
            ),
            Sample.image("f", [one], coverage: status, in: Sample.repository("team/last", in: Sample.china)),
        ]
    }

    private func images(_ isWanted: (ImageReference) -> Bool) -> [SourceImage] {
        all.filter { isWanted($0.image.place) }.map { image in
            SourceImage(
                image,
                fingerprint: "\(Int(day))"
                    + String(repeating: String(image.image.place.digest.rawValue.suffix(1)), count: 63)
            )
        }
    }

    func images(in registry: Registry) -> AsyncStream<SourceImage> {
        AsyncStream { continuation in
            for image in images({ $0.repository.registry == registry }) { continuation.yield(image) }
            continuation.finish()
        }
    }

    func images(at places: [ImageReference]) -> [SourceImage] { images(places.contains) }

    func fingerprints(in registry: Registry, _ take: (ImageReference, String) -> Void) {
        for image in images({ $0.repository.registry == registry }) {
            take(image.judged.image.place, image.fingerprint)
        }
    }

    func vulnerabilities(_ ids: [String]) -> [Vulnerability] {
        [
            Vulnerability(
                id: "CVE-1",
                severity: .low,
                title: "Short",
                description: "Long, ä",
                link: "https://example.com/1",
                attributes: [.init(key: "CVSS3_SCORE", value: "9.8")],
                firstSeen: 86_400
            ), Vulnerability(id: "CVE-2", severity: .high, title: "", description: "", link: "javascript:alert(1)"),
        ].filter { ids.contains($0.id) }
    }

    func sweeps() -> [SweepState] {
        let id = SweepID(kind: .collect, slot: "1")
        var state = SweepState(id: id, total: 4, done: 2, dead: 1, cancelled: 1, isClosed: true, completedAt: 86_400)
        state.completeness = SweepCompleteness(
            verdict: .completeWithGaps,
            images: 5,
            states: [.scanned: 4, .failed: 1],
            gaps: 3,
            refusedPlaces: 1,
            refusedRepositories: 2
        )
        return [
            state,
            SweepState(id: SweepID(kind: .scan, slot: "2"), total: 4, done: 3, isClosed: false, completedAt: nil),
        ]
    }
}

/// The report's files in memory.
private final class MemoryStorage: ReportStorage {
    struct File {
        var file: ReportFile
        var bytes: [UInt8]
    }

    private let files: Mutex<[String: File]> = Mutex([:])

    var all: [File] { files.withLock { Array($0.values) } }

    func open() -> Set<String> { files.withLock { Set($0.keys) } }
    func read(_ name: String) -> Reader? { bytes(name).map { Reader(rest: $0) } }
    func readEnd(of name: String, count: Int) -> [UInt8]? { bytes(name)?.suffix(count) }
    func begin(_ file: ReportFile) -> Upload { Upload(storage: self, file: file) }
    func remove(_ name: String) { files.withLock { $0[name] = nil } }

    private func bytes(_ name: String) -> [UInt8]? { files.withLock { $0[name]?.bytes } }

    struct Reader: ReportReader {
        var rest: [UInt8]?

        mutating func next() -> [UInt8]? {
            defer { rest = nil }
            return rest
        }
    }

    struct Upload: ReportUpload {
        let storage: MemoryStorage
        let file: ReportFile
        var bytes: [UInt8] = []

        mutating func append(_ bytes: [UInt8]) { self.bytes += bytes }

        mutating func finish() {
            guard !bytes.isEmpty else { return }
            storage.files.withLock { $0[file.name] = File(file: file, bytes: bytes) }
        }

        mutating func cancel() {}
    }
}
