internal import AWSCore
internal import ArgumentParser
internal import FindingStore
internal import FleetRoles

/// `scanfleet init`.
struct InitCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Creates the table with its stream where it is missing, and checks the bucket."
    )
    static let needsBucket = true
    @OptionGroup var flags: ConfigurationFlags

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        try await Preflight(assembly: assembly).check([.bucket])
        do {
            try await assembly.store.createTable()
        } catch let error as AWSServiceError where error.isAccessDenied || error.isAboutSignature {
            throw CommandFailure(["the table \(assembly.settings.table) cannot be created: \(error)"], status: .refused)
        } catch {
            throw CommandFailure(
                ["the table \(assembly.settings.table) cannot be created: \(error)"],
                status: .unavailable
            )
        }
        print("table \(assembly.settings.table) and bucket \(assembly.settings.report.bucket ?? "") are ready")
        return .success
    }
}
