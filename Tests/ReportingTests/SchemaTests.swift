import Domain
import Foundation
import Reporting
import TestSupport
import Testing

/// Built files against the schemas under `ops/schemas`, by another's validator, and on the seed's page.
@Suite(.timeLimit(.minutes(10)), .requiresValidator) struct SchemaTests {
    private static let noon: Double = 1_763_985_600

    /// Everything that a report can tell of, changed over three days.
    private func deliveryState() async throws -> Shelf {
        let deliveryState = Shelf()
        for day in 0..<3 {
            let time = Self.noon + Double(day) * 86_400
            let builder = ReportBuilder(source: source(day, at: time), storage: deliveryState, organization: "fleet") {
                time
            }
            _ = try await builder.publish()
        }
        return deliveryState
    }

    private func source(_ day: Int, at time: Double) -> SampleSource {
        var source = SampleSource()
        let suspended = AccountID(rawValue: "999900001111")
        source.allAccounts = [
            Sample.account(suspended, "", obstacle: Coverage(.accountInactive, reason: "SUSPENDED")),
            Sample.account(Sample.production, "production", unit: "/Prod"),
        ]
        let off = Registry(account: Sample.production, region: RegionName(rawValue: "af-south-1"))
        source.allRegistries = [
            RegistryStatus(registry: Sample.europe, scanType: "ENHANCED"),
            RegistryStatus(registry: off, obstacle: Coverage(.regionOff)),
        ]
        let empty = RepositoryReference(registry: Sample.europe, name: RepositoryName(rawValue: "team/empty"))
        source.allRepositories = [
            RepositoryStatus(
                place: empty,
                obstacle: Coverage(.throttled),
                scanObstacle: Coverage(.accessDenied, reason: "why", at: time),
                imagesBeyondLimit: 7
            )
        ]
        source.images = Coverage.State.allCases.map { state in
            Sample.image(state.rawValue, tags: ["\"\u{1}\\"], coverage: Coverage(state, reason: "why", at: time))
        }
        let judged = Coverage(.scanned, at: time)
        source.images += [
            Sample.image("clean", tags: [], coverage: judged),
            Sample.image("bad", tags: ["1", "2"], findings(day), coverage: judged, repository: "team/web"),
            Sample.image(
                "lost",
                tags: ["x"],
                day == 0 ? findings(0) : [],
                coverage: day == 0 ? judged : Coverage(.expiredEligibility)
            ),
        ]
        source.known = [
            Vulnerability(
                id: "CVE-1",
                severity: .low,
                description: "Long",
                attributes: [.init(key: "CVSS3_SCORE", value: "9.8")],
                firstSeen: time
            ),
            Vulnerability(id: "CVE-2", severity: .critical, title: "Critical on the last day", firstSeen: time),
        ]
        source.allSweeps = [
            SweepState(id: SweepID(kind: .collect, slot: "1"), total: 4, done: 3, isClosed: false, completedAt: nil)
        ]
        var ended = SweepState(
            id: SweepID(kind: .collect, slot: "0"),
            total: 2,
            done: 1,
            dead: 1,
            isClosed: true,
            completedAt: time
        )
        ended.completeness = SweepCompleteness(
            verdict: .failed,
            images: 3,
            states: [.scanned: 2, .failed: 1],
            gaps: 3,
            refusedPlaces: 1,
            refusedRepositories: 1
        )
        source.allSweeps.append(ended)
        return source
    }

    private func findings(_ day: Int) -> [Finding] {
        let severities: [Severity] = Severity.known + [Severity(rawValue: "NEW_WORD")]
        var findings = severities.enumerated().map { Sample.finding("CVE-\($0.offset + day)", $0.element) }
        findings.append(Sample.finding("CVE-1", .high, package: "libssl"))
        findings.append(
            Finding(key: Finding.Key(vulnerability: "GHSA-1", package: "", version: ""), severity: .untriaged)
        )
        return Array(Set(findings.map(\.key))).compactMap { key in findings.first { $0.key == key } }
    }

    private func check(_ files: [String: [UInt8]]) async throws -> ProgramRun {
        try await TemporaryDirectory.with { directory in
            for (name, bytes) in files where !name.hasPrefix("parts/") {
                let file = URL(filePath: directory.file(name))
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try Data(bytes).write(to: file)
            }
            return try await ProgramRun(Validator.python, [Validator.script, directory.path])
        }
    }

    @Test func `Every file is as its schema says, and the seed's page shows findings.json`() async throws {
        let deliveryState = try await deliveryState()
        #expect(try deliveryState.value("index.json")["newest_critical"]?[0]?["first_seen"]?.text != nil)
        let run = try await check(deliveryState.files)
        #expect(run.isSuccess, "\(run.output)")
        for schema in ["findings", "history", "index", "vulnerabilities"] {
            #expect(run.output.contains("1 \(schema).schema.json"))
        }
        #expect(run.output.contains("2 region.schema.json"))
    }

    /// So that the check is known to be one.
    @Test(arguments: [
        "index.json", "111122223333/eu-west-1.json", "findings.json", "vulnerabilities.json", "history.json",
    ])
    func `A member that no schema names is found`(_ name: String) async throws {
        let deliveryState = try await deliveryState()
        let text = String(decoding: try deliveryState.bytes(name), as: UTF8.self)
        var files = deliveryState.files
        files[name] = Array("{\"surprise\":1,\(text.dropFirst())".utf8)
        let run = try await check(files)
        #expect(!run.isSuccess)
        #expect(run.output.contains("surprise"))
    }
}

/// The interpreter that has the validator, and the script that uses it.
enum Validator {
    static var python: String { ProcessInfo.processInfo.environment["SCANFLEET_PYTHON"] ?? "python3" }
    static let script = "\(#filePath)/../../../ops/lib/check_report.py".standardizedPath
}

extension String {
    fileprivate var standardizedPath: String { URL(filePath: self).standardized.path }
}

extension Trait where Self == ConditionTrait {
    /// Skips where there is no validator; where SCANFLEET_REQUIRE_SERVERS is set, as in CI, the test runs and fails.
    static var requiresValidator: Self {
        .enabled("needs python3, or the interpreter that SCANFLEET_PYTHON names, with jsonschema") {
            if ProcessInfo.processInfo.environment["SCANFLEET_REQUIRE_SERVERS"] != nil { return true }
            return try await ProgramRun(Validator.python, ["-c", "import jsonschema"]).isSuccess
        }
    }
}
