internal import ArgumentParser
internal import Domain
internal import FleetRoles
internal import Foundation
internal import Reporting

/// `scanfleet export`.
struct ExportCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes all findings for other programs.",
        discussion: """
            csv: a line per finding, and one for each image without findings, with its state. sarif: SARIF 2.1.0. asff: \
            each line is one request for `aws securityhub batch-import-findings --cli-input-json`, to be sent from the \
            account and in the region that its findings name.
            """
    )

    /// The format of the exported findings.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case csv, sarif, asff
    }

    @Option(help: "csv, sarif or asff") var format: Format
    @Option(help: "a file that is replaced when everything is written; without it, standard output") var output: String?
    @Option(help: "only this account; may be repeated") var account: [String] = []
    @OptionGroup var flags: ConfigurationFlags

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        let ids = account.map(AccountID.init(rawValue:))
        if let wrong = ids.first(where: { !$0.isValid }) {
            throw CommandFailure(["--account: \(wrong) is not an account id of twelve digits"], status: .configuration)
        }
        try await Preflight(assembly: assembly).check(.table)
        let accounts = ids.isEmpty ? nil : Set(ids)
        let exporter = Exporter(source: StoreReportSource(store: assembly.store, sweepRegistry: assembly.sweepRegistry))
        guard let output else {
            _ = try await export(with: exporter, accounts, to: .standardOutput)
            return .success
        }
        let images = try await write(to: output) { try await export(with: exporter, accounts, to: $0) }
        print("\(images) images in \(output)")
        return .success
    }

    private func export(
        with exporter: Exporter<StoreReportSource>,
        _ accounts: Set<AccountID>?,
        to file: FileHandle
    ) async throws -> Int {
        let write: ([UInt8]) async throws -> Void = { bytes in
            if !bytes.isEmpty { try file.write(contentsOf: Data(bytes)) }
        }
        switch format {
        case .csv: return try await exporter.run(CSVExport(), accounts: accounts, write: write)
        case .sarif:
            let sarif = SARIFExport(version: BuildVersion.text)
            return try await exporter.run(sarif, accounts: accounts, write: write)
        case .asff: return try await exporter.run(ASFFExport(now: Assembly.now()), accounts: accounts, write: write)
        }
    }

    /// Writes a file beside `path` and renames it when it is complete, so that nobody reads half a file.
    private func write(to path: String, _ body: (FileHandle) async throws -> Int) async throws -> Int {
        let unfinished = URL(filePath: path + ".unfinished")
        guard FileManager.default.createFile(atPath: unfinished.path, contents: nil) else {
            throw CommandFailure(["--output: \(unfinished.path) cannot be written"], status: .failure)
        }
        let file = try FileHandle(forWritingTo: unfinished)
        let images = try await body(file)
        try file.close()
        guard rename(unfinished.path, path) == 0 else {
            throw CommandFailure(["--output: \(path) cannot be replaced"], status: .failure)
        }
        return images
    }
}
