internal import ArgumentParser
internal import Doctor
internal import Domain
internal import FleetRoles

/// `scanfleet doctor`.
struct DoctorCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract:
            "Tries out roles, permissions, regions, scanning, table, bucket and Redis, and says what to add where.",
        discussion: """
            Nothing is changed: actions that write are tried on what is not there. It uses the credentials of its caller, so run it with a \
            role's credentials to try out that role. Exit status: 0 nothing to mend, 3 something of the organization \
            would be missed, 69 and 77 as for every command.
            """
    )
    @OptionGroup var flags: ConfigurationFlags
    @Option(help: "only this account; may be repeated") var account: [String] = []
    @Option(help: "try out what this role needs of the table and the bucket: coordinator, worker or aggregator")
    var role: FleetRole?
    @Flag(help: "print one object") var json = false

    func validate() throws {
        for id in account where !AccountID(rawValue: id).isValid {
            throw ValidationError("--account: \(id) is not an account id of twelve digits")
        }
    }

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        let doctor = Doctor(
            assembly: assembly,
            accounts: account.map(AccountID.init(rawValue:)),
            roles: role.map { [$0] } ?? FleetRole.allCases
        )
        let report = DoctorReport(try await doctor.checks())
        print(json ? String(decoding: report.json, as: UTF8.self) : report.text)
        return report.checks.status
    }
}

extension FleetRole: ExpressibleByArgument {}
