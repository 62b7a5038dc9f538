import AWSCore
import AWSServices
import Foundation
import TestSupport
import Testing

/// What a fleet published and exports, checked by others' validators.
struct ReportFiles {
    let fleet: Fleet

    /// Checks every file against its schema, and every export; skips where there is no validator.
    func check(findings: Int) async throws {
        let python = ProcessInfo.processInfo.environment["SCANFLEET_PYTHON"] ?? "python3"
        let isRequired = ProcessInfo.processInfo.environment["SCANFLEET_REQUIRE_SERVERS"] != nil
        let imports = try await ProgramRun(python, ["-c", "import botocore, jsonschema"])
        guard isRequired || imports.isSuccess else { return }
        try await TemporaryDirectory.with { directory in
            try await download(to: directory)
            let run = try await ProgramRun(python, [Self.script("check_report.py"), directory.path])
            #expect(run.isSuccess, "\(run.output)")
            for format in ["sarif", "asff"] {
                let file = directory.file(format)
                let export = try await fleet.run("export", "--format", format, "--output", file)
                #expect(export.status == 0, "\(export.errors)")
                let run = try await ProgramRun(python, [Self.script("check_export.py"), format, file])
                #expect(run.isSuccess, "\(run.output)")
                #expect(run.output.contains("\(findings) "), "\(run.output)")
            }
            let csv = try await fleet.run("export", "--format", "csv", "--output", directory.file("csv"))
            #expect(csv.status == 0, "\(csv.errors)")
            let text = try String(contentsOfFile: directory.file("csv"), encoding: .utf8)
            #expect(text.hasPrefix("account,account_name,region,"))
        }
    }

    private func download(to directory: TemporaryDirectory) async throws {
        let page = try await fleet.home.send(S3.ListObjectsV2(Bucket: Fleet.bucket, Prefix: "findings/"))
        for object in page.Contents where object.Key.hasSuffix(".json") {
            let file = URL(filePath: directory.file(String(object.Key.dropFirst("findings/".count))))
            let folder = file.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let answer = try await fleet.home.send(S3.GetObject(Bucket: Fleet.bucket, Key: object.Key))
            try Data(answer.Body ?? []).write(to: file)
        }
    }

    private static func script(_ name: String) -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../ops/lib")
        return folder.appending(path: name).standardized.path
    }
}
