/// A part of AWS with its own accounts, regions and domain names; source: AWS' `partitions.json`.
package struct AWSPartition: Sendable, Hashable {
    /// The partition's id, which is also an ARN's second field.
    package let id: String
    package let dnsSuffix: String
    package let dualStackDNSSuffix: String
    /// What its regions' codes begin with.
    fileprivate let regionPrefixes: [String]

    /// All partitions; the first is the one of most customers.
    package static let all: [AWSPartition] = [
        AWSPartition(
            id: "aws",
            dnsSuffix: "amazonaws.com",
            dualStackDNSSuffix: "api.aws",
            regionPrefixes: ["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"]
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
        AWSPartition(id: "aws-iso", dnsSuffix: "c2s.ic.gov", dualStackDNSSuffix: "api.aws.ic.gov", regionPrefixes: ["us-iso"]),
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

    /// The partition of a region by the form of its code; nil for text that no region of AWS can have.
    package init?(region: String) {
        let parts = region.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, let number = parts.last, Int(number) != nil, number.count <= 2 else { return nil }
        let prefix = parts.dropLast(2).joined(separator: "-")
        guard parts.allSatisfy({ !$0.isEmpty }), let found = Self.all.first(where: { $0.regionPrefixes.contains(prefix) })
        else { return nil }
        self = found
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
