package import AWSCore

/// AWS Security Token Service; regional, because sessions of the global endpoint are not valid in every region.
package enum STS {
    package static let service = AWSService(id: "STS", endpointPrefix: "sts", signingName: "sts")

    /// The version of the query API.
    static let version = "2011-06-15"
}
