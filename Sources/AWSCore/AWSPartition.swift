/// A part of AWS with its own accounts, regions and domain names; source: AWS' `partitions.json`.
package struct AWSPartition: Sendable, Hashable {
    /// The partition's id, which is also an ARN's second field.
    package let id: String
    /// The domain of the standard endpoints, such as `amazonaws.com`.
    package let dnsSuffix: String
    /// The domain of the endpoints that serve IPv4 and IPv6, such as `api.aws`; S3 does not use it.
    package let dualStackDNSSuffix: String
    /// The prefixes of its regions' codes; empty for `aws`, which has every code that no other partition claims.
    fileprivate let regionPrefixes: [String]

    /// All partitions; the first is the one of most customers.
    package static let all: [AWSPartition] = [
        AWSPartition(
            id: "aws",
            dnsSuffix: "amazonaws.com",
            dualStackDNSSuffix: "api.aws",
            regionPrefixes: []
        ),
        AWSPartition(
            id: "aws-cn",
            dnsSuffix: "amazonaws.com.cn",
            dualStackDNSSuffix: "api.amazonwebservices.com.cn",
            regionPrefixes: ["cn"]
        ),
        AWSPartition(
            id: "aws-us-gov",
            dnsSuffix: "amazonaws.com",
            dualStackDNSSuffix: "api.aws",
            regionPrefixes: ["us-gov"]
        ),
        AWSPartition(
            id: "aws-eusc",
            dnsSuffix: "amazonaws.eu",
            dualStackDNSSuffix: "api.amazonwebservices.eu",
            regionPrefixes: ["eusc"]
        ),
        AWSPartition(
            id: "aws-iso",
            dnsSuffix: "c2s.ic.gov",
            dualStackDNSSuffix: "api.aws.ic.gov",
            regionPrefixes: ["us-iso"]
        ),
        AWSPartition(
            id: "aws-iso-b",
            dnsSuffix: "sc2s.sgov.gov",
            dualStackDNSSuffix: "api.aws.scloud",
            regionPrefixes: ["us-isob"]
        ),
        AWSPartition(
            id: "aws-iso-e",
            dnsSuffix: "cloud.adc-e.uk",
            dualStackDNSSuffix: "api.cloud-aws.adc-e.uk",
            regionPrefixes: ["eu-isoe"]
        ),
        AWSPartition(
            id: "aws-iso-f",
            dnsSuffix: "csp.hci.ic.gov",
            dualStackDNSSuffix: "api.aws.hci.ic.gov",
            regionPrefixes: ["us-isof"]
        ),
    ]

    /// The partition of a region by the form of its code; nil for text that no region can have.
    ///
    /// A prefix that is not known belongs to `aws`, as in AWS' own rules, so that a new region needs no new release.
    package init?(region: String) {
        let parts = region.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, let number = parts.last, (1...2).contains(number.count),
            parts.dropLast().allSatisfy(Self.isWord), number.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let claims = { (partition: AWSPartition) in partition.regionPrefixes.contains { region.hasPrefix($0 + "-") } }
        self = Self.all.first(where: claims) ?? Self.all[0]
    }

    private static func isWord(_ part: Substring) -> Bool {
        !part.isEmpty && part.utf8.allSatisfy { (0x61...0x7A).contains($0) }
    }

    private init(id: String, dnsSuffix: String, dualStackDNSSuffix: String, regionPrefixes: [String]) {
        self.id = id
        self.dnsSuffix = dnsSuffix
        self.dualStackDNSSuffix = dualStackDNSSuffix
        self.regionPrefixes = regionPrefixes
    }

    /// The ARN of an account's role.
    package func roleARN(account: String, role: String) -> String { "arn:\(id):iam::\(account):role/\(role)" }
}
