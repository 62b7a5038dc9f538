internal import AWSCore
internal import FoundationEssentials

/// The cases of AWS' endpoint rule sets that concern region, FIPS, dual-stack and an endpoint of one's own.
struct EndpointVectors {
    static let ecr = AWSService(id: "ECR", endpointPrefix: "api.ecr", signingName: "ecr")
    static let sts = AWSService(id: "STS", endpointPrefix: "sts", signingName: "sts")
    static let s3 = AWSService(id: "S3", endpointPrefix: "s3", signingName: "s3")
    static let dynamoDB = AWSService(id: "DYNAMODB", endpointPrefix: "dynamodb", signingName: "dynamodb")
    static let streams = AWSService(
        id: "DYNAMODB_STREAMS",
        endpointPrefix: "streams.dynamodb",
        signingName: "dynamodb"
    )
    static let organizations = AWSService(
        id: "ORGANIZATIONS",
        endpointPrefix: "organizations",
        signingName: "organizations",
        globalRegions: [
            "aws": "us-east-1", "aws-cn": "cn-northwest-1", "aws-us-gov": "us-gov-west-1", "aws-iso": "us-iso-east-1",
            "aws-iso-b": "us-isob-east-1", "aws-iso-f": "us-isof-south-1",
        ]
    )
    static let services = [ecr, sts, s3, dynamoDB, streams, organizations]

    let total: Int
    let applicable: [EndpointVector]

    init(of service: AWSService, in directory: URL) throws {
        struct File: Decodable {
            var testCases: [EndpointVector]
        }
        let name = service.id.lowercased().replacing("_", with: "")
        let data = try Data(contentsOf: directory.appending(path: "\(name).endpoint-tests-1.json"))
        let cases = try JSONDecoder().decode(File.self, from: data).testCases
        total = cases.count
        applicable = cases.filter(\.isApplicable)
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
        /// Any other parameter, such as a bucket, makes the case one of a feature that the fleet does not use.
        var names: Set<String>

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
            names = Set(members.allKeys.map(\.stringValue))
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

    /// The pseudo regions, such as `aws-global`, are an older SDK's way of naming a partition: no account has them.
    var isApplicable: Bool {
        guard let params, params.names.isSubset(of: ["Region", "UseFIPS", "UseDualStack", "Endpoint"]) else {
            return false
        }
        return params.region.map { !$0.hasSuffix("-global") && $0 != "local" } ?? true
    }

    /// Why the answer is to be another one; nil where it is not.
    func deviation(for service: AWSService) -> String? {
        if expect.error?.hasPrefix("Endpoint override is not supported for dual-stack endpoints.") == true {
            return
                "the rule set wants DynamoDB's dual-stack host to be chosen by the switch only; the URL works as well"
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
        return try EndpointResolver(environment: environment).endpoint(for: service, region: region)
    }
}
