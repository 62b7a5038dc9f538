internal import AWSCore
internal import AWSServices
internal import FoundationEssentials

/// The cases of AWS' endpoint rule sets that concern region, FIPS, dual-stack and an endpoint of one's own, and S3's buckets
/// by path.
struct EndpointVectors {
    static let services = [
        ECR.service, STS.service, S3.service, DynamoDB.service, DynamoDBStreams.service, Organizations.service,
    ]

    let total: Int
    let applicable: [EndpointVector]
    /// How many cases are not applicable, by why.
    let excluded: [String: Int]

    /// What AWS' files and botocore call the service.
    static func name(of service: AWSService) -> String { service.id.lowercased().replacing("_", with: "") }

    init(of service: AWSService, in directory: URL) throws {
        let file = "\(Self.name(of: service)).endpoint-tests-1.json"
        try self.init(Data(contentsOf: directory.appending(path: file)))
    }

    init(_ data: Data) throws {
        struct File: Decodable {
            var testCases: [EndpointVector]
        }
        let cases = try JSONDecoder().decode(File.self, from: data).testCases
        total = cases.count
        applicable = cases.filter { $0.exclusion == nil }
        excluded = cases.compactMap(\.exclusion).reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}

/// One case.
struct EndpointVector: Decodable {
    private struct Expectation: Decodable {
        struct Endpoint: Decodable {
            struct Properties: Decodable {
                struct Scheme: Decodable {
                    var signingRegion: String?
                }

                var authSchemes: [Scheme]?
            }

            var url: String
            var properties: Properties?
        }

        var endpoint: Endpoint?
        var error: String?
    }

    private struct Parameters: Decodable {
        var region: String?
        var usesFIPS: Bool?
        var usesDualStack: Bool?
        var endpoint: String?
        var bucket: String?
        var isPathStyle: Bool?
        var accountMode: String?
        /// Other switches that are on, or that have a value: each is a feature that the fleet does not use.
        var others: Set<String>

        private struct Key: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }

            init(_ name: String) { stringValue = name }
            init?(stringValue: String) { self.init(stringValue) }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Key.self)
            region = try members.decodeIfPresent(String.self, forKey: Key("Region"))
            usesFIPS = try members.decodeIfPresent(Bool.self, forKey: Key("UseFIPS"))
            usesDualStack = try members.decodeIfPresent(Bool.self, forKey: Key("UseDualStack"))
            endpoint = try members.decodeIfPresent(String.self, forKey: Key("Endpoint"))
            bucket = try members.decodeIfPresent(String.self, forKey: Key("Bucket"))
            isPathStyle = try members.decodeIfPresent(Bool.self, forKey: Key("ForcePathStyle"))
            accountMode = try members.decodeIfPresent(String.self, forKey: Key("AccountIdEndpointMode"))
            var known: Set = [
                "Region", "UseFIPS", "UseDualStack", "Endpoint", "Bucket", "ForcePathStyle", "AccountIdEndpointMode",
            ]
            // What else DynamoDB's rules ask for serves to find an account, which the mode forbids.
            if accountMode == "disabled" { known.formUnion(["AccountId", "ResourceArn", "ResourceArnList"]) }
            let isOff = { (key: Key) in (try? members.decode(Bool.self, forKey: key)) == false }
            others = Set(members.allKeys.filter { !known.contains($0.stringValue) && !isOff($0) }.map(\.stringValue))
        }
    }

    private enum CodingKeys: CodingKey {
        case documentation
        case expect
        case params
    }

    let documentation: String
    private let expect: Expectation
    private let params: Parameters?

    var expected: String? { expect.endpoint?.url }
    var signingRegion: String? { expect.endpoint?.properties?.authSchemes?.first?.signingRegion }

    /// Why the case says nothing about the fleet; nil where it does.
    var exclusion: String? {
        guard let params else { return "no parameters at all" }
        if params.region?.hasSuffix("-global") == true || params.region == "local" {
            return "a pseudo region, an older SDK's name of a partition: no account has it"
        }
        if params.region == "snow" { return "a Snow device, which has no region" }
        if let other = params.others.min() { return "\(other), which the fleet does not use" }
        if let mode = params.accountMode, mode != "disabled" {
            return "an endpoint of an account's own (AccountIdEndpointMode), which the fleet does not use"
        }
        guard let bucket = params.bucket else { return nil }
        if params.isPathStyle != true { return "a bucket in the host's name: the fleet addresses by path" }
        return bucket.hasPrefix("arn:") ? "a bucket given by its ARN, which the fleet does not do" : nil
    }

    /// Why the answer is to be another one; nil where it is not.
    func deviation(for service: AWSService) -> String? {
        if expect.error?.hasPrefix("Endpoint override is not supported for dual-stack endpoints.") == true {
            return
                "the rule set wants DynamoDB's dual-stack host to be chosen by the switch only; the URL works as well"
        }
        if service == DynamoDBStreams.service, params?.usesDualStack == true,
            expected?.hasPrefix("https://streams.dynamodb") == true
        {
            return
                "the rule set names no dual-stack host in this partition and says streams.dynamodb; ours streams-dynamodb"
        }
        if params?.usesDualStack == true, expected?.hasPrefix("https://organizations-fips.us-gov") == true {
            return "an older rule set names a FIPS host in GovCloud's dual-stack domain; today's names the plain one"
        }
        guard let region = params?.region, params?.endpoint == nil, let partition = AWSPartition(region: region),
            let global = service.globalRegions[partition.id], global != region,
            expected?.contains(region) == true
        else { return nil }
        return "the rule set falls back to the caller's region, where the service has no host; ours stays in \(global)"
    }

    /// A case without a region, where it is one of an endpoint of one's own, only leaves it out for brevity.
    func resolve(_ service: AWSService) throws -> EndpointResolver.Endpoint {
        var environment = ["AWS_ENDPOINT_URL": params?.endpoint ?? ""]
        environment["AWS_USE_FIPS_ENDPOINT"] = params?.usesFIPS == true ? "true" : "false"
        environment["AWS_USE_DUALSTACK_ENDPOINT"] = params?.usesDualStack == true ? "true" : "false"
        let region = params?.region ?? (params?.endpoint == nil ? "" : "us-east-1")
        var endpoint = try EndpointResolver(environment: environment).endpoint(for: service, region: region)
        // A bucket without a key ends in no slash in the rule set.
        if let bucket = params?.bucket { endpoint.url += try S3.HeadBucket(Bucket: bucket).encode().path }
        return endpoint
    }
}
