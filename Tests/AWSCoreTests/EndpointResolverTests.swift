internal import AWSCore
internal import AWSServices
internal import FoundationEssentials
internal import TestSupport
internal import Testing

@Suite struct EndpointResolverTests {
    @Test(.requiresSharedData, arguments: EndpointVectors.services)
    func `Agrees with AWS' rule sets`(service: AWSService) throws {
        let directory = try #require(SharedData.directory).appending(path: "endpoints")
        check(try EndpointVectors(of: service, in: directory), service)
    }

    /// Of every region that botocore knows, with and without FIPS and dual-stack.
    @Test(.requiresBotocore, .timeLimit(.minutes(10)), arguments: EndpointVectors.services + [AWSAccount.service])
    func `Agrees with botocore in every region`(service: AWSService) async throws {
        let name = EndpointVectors.name(of: service)
        let answers = try await Botocore.output(of: "botocore-endpoints.py", name)
        let vectors = try EndpointVectors(Data(answers.utf8))
        #expect(vectors.applicable.count > 120)
        check(vectors, service)
    }

    private func check(_ vectors: EndpointVectors, _ service: AWSService) {
        var passed = 0
        var deviations: [String: Int] = [:]
        for vector in vectors.applicable {
            if let why = vector.deviation(for: service) {
                deviations[why, default: 0] += 1
            } else {
                passed += expectAgreement(service, vector) ? 1 : 0
            }
        }
        let counts = "\(passed) passed, \(vectors.applicable.count) applicable, \(vectors.total) in all"
        print("endpoint vectors of \(service.id): \(counts)")
        for (why, count) in deviations.sorted(by: { $0.key < $1.key }) {
            print("  endpoint deviations: \(count): \(why)")
        }
        for (why, count) in vectors.excluded.sorted(by: { $0.key < $1.key }) {
            print("  endpoint vectors left out: \(count): \(why)")
        }
        #expect(passed > 5)
        #expect(passed + deviations.values.reduce(0, +) == vectors.applicable.count)
    }

    private func expectAgreement(_ service: AWSService, _ vector: EndpointVector) -> Bool {
        let found = Result { try vector.resolve(service) }
        switch (found, vector.expected) {
        case (.failure, nil): return true
        case (.success(let endpoint), let expected?):
            let region = vector.signingRegion ?? endpoint.signingRegion
            #expect(endpoint.url == expected, "\(vector.documentation)")
            #expect(endpoint.signingRegion == region, "\(vector.documentation)")
            return endpoint.url == expected && endpoint.signingRegion == region
        default:
            Issue.record("\(vector.documentation): \(found), expected \(vector.expected ?? "an error")")
            return false
        }
    }

    @Test func `Prefers a service's own URL to the one for all, and keeps its path`() throws {
        let resolver = try EndpointResolver(environment: [
            "AWS_ENDPOINT_URL": "http://localhost:5000/", "AWS_ENDPOINT_URL_STS": "https://sts.test/prefix",
            "AWS_ENDPOINT_URL_": "http://nobody", "AWS_ENDPOINT_URL_S3": "",
        ])
        #expect(try resolver.endpoint(for: STS.service, region: "eu-west-1").url == "https://sts.test/prefix")
        #expect(try resolver.endpoint(for: S3.service, region: "eu-west-1").url == "http://localhost:5000")
        let organizations = try resolver.endpoint(for: Organizations.service, region: "eu-west-1")
        #expect(organizations.url == "http://localhost:5000")
        #expect(organizations.signingRegion == "us-east-1")
    }

    @Test func `Minds FIPS beside the URL of a service only where that service is called`() throws {
        let resolver = try EndpointResolver(environment: [
            "AWS_USE_FIPS_ENDPOINT": "true", "AWS_ENDPOINT_URL_LAMBDA": "http://localhost:5000",
            "AWS_ENDPOINT_URL_STS": "http://localhost:5001",
        ])
        let url = try resolver.endpoint(for: ECR.service, region: "us-east-1").url
        #expect(url == "https://api.ecr-fips.us-east-1.amazonaws.com")
        let error = #expect(throws: EndpointResolver.ConfigurationError.self) {
            try resolver.endpoint(for: STS.service, region: "us-east-1")
        }
        #expect(error?.description.hasPrefix("AWS_ENDPOINT_URL_STS cannot") == true)
        #expect(throws: EndpointResolver.ConfigurationError.self) {
            try EndpointResolver(environment: ["AWS_USE_FIPS_ENDPOINT": "true", "AWS_ENDPOINT_URL": "http://localhost"])
        }
    }

    @Test func `Ignores URLs when it is told to`() throws {
        let resolver = try EndpointResolver(environment: [
            "AWS_ENDPOINT_URL": "http://localhost:5000", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        ])
        let endpoint = try resolver.endpoint(for: STS.service, region: "eu-west-1")
        #expect(endpoint.url == "https://sts.eu-west-1.amazonaws.com")
    }

    @Test(arguments: [
        "localhost:5000", "ftp://host", "http://", "http:///path", "https://:80", "http://a b", "http://a?b=c",
    ])
    func `Refuses what is no URL, and names the variable`(url: String) throws {
        let error = #expect(throws: EndpointResolver.ConfigurationError.self) {
            try EndpointResolver(environment: ["AWS_ENDPOINT_URL_ECR": url])
        }
        #expect(error?.description.hasPrefix("AWS_ENDPOINT_URL_ECR: ") == true)
    }

    @Test(arguments: [
        ("us-east-1", "aws"), ("mx-central-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-east-1", "aws-us-gov"),
        ("eusc-de-east-1", "aws-eusc"), ("us-iso-west-1", "aws-iso"), ("us-isob-east-1", "aws-iso-b"),
        ("eu-isoe-west-1", "aws-iso-e"), ("us-isof-south-1", "aws-iso-f"), ("zz-north-1", "aws"),
    ])
    func `Knows a region's partition`(region: String, partition: String) {
        #expect(AWSPartition(region: region)?.id == partition)
    }

    @Test(arguments: [
        "", "us-east", "us-east-", "us--1", "us-east-1a", "US-EAST-1", "us-east-123", "us/../-1", "us-east-٣",
    ])
    func `Refuses what is no region`(text: String) throws {
        #expect(AWSPartition(region: text) == nil)
        let resolver = try EndpointResolver(environment: [:])
        #expect(throws: EndpointResolver.ConfigurationError.self) {
            try resolver.endpoint(for: ECR.service, region: text)
        }
    }
}
