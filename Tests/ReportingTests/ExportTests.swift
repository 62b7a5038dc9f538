import Domain
import Foundation
import JSON
import Reporting
import TestSupport
import Testing

@Suite struct ExportTests {
    /// Two accounts in two regions with text of every kind.
    private var source: SampleSource {
        var source = SampleSource()
        let china = Registry(
            account: AccountID(rawValue: "222233334444"),
            region: RegionName(rawValue: "cn-north-1")
        )
        source.allAccounts = [
            Sample.account(Sample.production, "=cmd|'/c calc'!A1"), Sample.account(china.account, "a,\"b\""),
        ]
        source.allRegistries = [RegistryStatus(registry: Sample.europe), RegistryStatus(registry: china)]
        source.images = [
            Sample.image("a", tags: ["1.0", "latest"], (0..<250).map { Sample.finding("CVE-\($0)") }),
            Sample.image("b", tags: [], [Sample.finding("CVE-1", .untriaged), Self.bare]),
            Sample.image("c", tags: ["clean"]),
            Sample.image("d", tags: [], coverage: Coverage(.failed, reason: "-1\nline \"two\"")),
            Sample.image("e", tags: ["x"], [Sample.finding("CVE-1", .critical)], in: china),
        ]
        source.known = [
            Vulnerability(
                id: "CVE-1",
                severity: .high,
                title: "Short",
                description: String(repeating: "ä", count: 2000),
                link: "https://example.com/1",
                firstSeen: 1
            ),
            Vulnerability(id: "CVE-2", severity: .high, title: "", description: "", link: "javascript:alert(1)"),
        ]
        return source
    }

    private static let bare = Finding(
        key: Finding.Key(vulnerability: "GHSA-1", package: "", version: ""),
        severity: Severity(rawValue: "NEW_WORD")
    )

    private func exported(_ format: some FindingExport, _ accounts: Set<AccountID>? = nil) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        _ = try await Exporter(source: source).run(format, accounts: accounts) { bytes += $0 }
        return bytes
    }

    @Test func `CSV has a line per finding, and tells images without findings too`() async throws {
        let text = String(decoding: try await exported(CSVExport()), as: UTF8.self)
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.count == 257, "a head, 253 findings, two images without any, and the end")
        #expect(lines.last == "")
        let columns = lines[0].split(separator: ",").count
        #expect(columns == 16)
        #expect(lines[1].hasPrefix("111122223333,'=cmd|'/c calc'!A1,eu-west-1,team/app,sha256:a,1.0 latest,"))
        #expect(lines[1].hasSuffix(",scanned,,1970-01-01T00:00:00Z,CVE-0,HIGH,openssl,3.0,3.1,7.5"))
        #expect(lines[253].hasSuffix(",scanned,,1970-01-01T00:00:00Z,,,,,,"))
        #expect(lines[254].contains(",failed,\"'-1\nline \"\"two\"\"\","))
        #expect(lines[255].hasPrefix("222233334444,\"a,\"\"b\"\"\",cn-north-1"))
        for line in [1, 253] {
            #expect(lines[line].split(separator: ",", omittingEmptySubsequences: false).count == 16)
        }
    }

    @Test func `Only the accounts that were asked for are exported`() async throws {
        let text = String(
            decoding: try await exported(CSVExport(), [AccountID(rawValue: "222233334444")]),
            as: UTF8.self
        )
        #expect(text.split(separator: "\r\n").count == 2)
    }

    @Test func `An empty SARIF is one`() async throws {
        var bytes: [UInt8] = []
        _ = try await Exporter(source: SampleSource()).run(SARIFExport(version: "1"), accounts: nil) { bytes += $0 }
        let sarif = try JSONCursor.parse(bytes) { try Value(reading: &$0) }
        #expect(sarif["runs"]?[0]?["results"] == .array([]))
        #expect(sarif["runs"]?[0]?["tool"]?["driver"]?["rules"] == .array([]))
    }

    private func check(_ format: String, _ bytes: [UInt8]) async throws -> ProgramRun {
        let script = URL(filePath: Validator.script).deletingLastPathComponent().appending(path: "check_export.py").path
        return try await TemporaryDirectory.with { directory in
            try Data(bytes).write(to: URL(filePath: directory.file("export")))
            return try await ProgramRun(Validator.python, [script, format, directory.file("export")])
        }
    }

    @Test(.requiresValidator) func `SARIF has a rule per vulnerability and a result per finding`() async throws {
        let run = try await check("sarif", try await exported(SARIFExport(version: "1")))
        #expect(run.isSuccess, "\(run.output)")
        #expect(run.output == "253 results, 251 rules\n")
    }

    @Test(.requiresValidator) func `ASFF is what Security Hub takes`() async throws {
        let bytes = try await exported(ASFFExport(now: 1_763_985_600))
        let run = try await check("asff", bytes)
        #expect(run.isSuccess, "\(run.output)")
        #expect(run.output == "253 findings, 4 requests\n")
        let again = try await exported(ASFFExport(now: 1_763_999_999))
        #expect(bytes == again, "ids and times do not change with the hour of the export")
    }
}
