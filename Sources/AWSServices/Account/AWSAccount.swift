package import AWSCore

/// AWS Account Management, whose own name would hide the domain's `Account`.
package enum AWSAccount {
    /// Account Management, one endpoint for each partition.
    package static let service = AWSService(
        id: "ACCOUNT",
        endpointPrefix: "account",
        signingName: "account",
        globalRegions: implicitGlobalRegions
    )
}
