internal import AWSCore
internal import ArgumentParser
internal import FleetRoles
internal import Foundation

/// `scanfleet credentials`.
struct CredentialsCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "credentials",
        abstract: "Says which source gave the AWS credentials and until when; secrets are not shown."
    )
    @OptionGroup var flags: ConfigurationFlags

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        let keys = try await assembly.credentials.credentials()
        print("source: \(assembly.credentials.source)")
        print("access key id: \(keys.shownID)")
        print("expires: \(keys.expiration.map { Self.text($0, now: Assembly.now()) } ?? "never")")
        return .success
    }

    private static func text(_ expiration: Double, now: Double) -> String {
        let time = Date(timeIntervalSince1970: expiration).formatted(.iso8601)
        return "\(time) (in \(Int((expiration - now) / 60)) minutes)"
    }
}

extension Credentials {
    /// The id's last four characters; of an id shorter than 16, none.
    fileprivate var shownID: String { "****" + (accessKeyID.count >= 16 ? accessKeyID.suffix(4) : "") }
}
