package import AWSCore

/// AWS Organizations; one region of each partition serves it.
package enum Organizations {
    /// Organizations, one endpoint for each partition.
    package static let service = AWSService(
        id: "ORGANIZATIONS",
        endpointPrefix: "organizations",
        signingName: "organizations",
        globalRegions: implicitGlobalRegions
    )

    static let json = AWSJSONProtocol(version: "1.1", targetPrefix: "AWSOrganizationsV20161128")
}

/// The region that serves a partition's global services; source: `implicitGlobalRegion` in AWS' `partitions.json`.
let implicitGlobalRegions = [
    "aws": "us-east-1",
    "aws-cn": "cn-northwest-1",
    "aws-us-gov": "us-gov-west-1",
    "aws-eusc": "eusc-de-east-1",
    "aws-iso": "us-iso-east-1",
    "aws-iso-b": "us-isob-east-1",
    "aws-iso-e": "eu-isoe-west-1",
    "aws-iso-f": "us-isof-south-1",
]
