package import Support

/// Finds the URL of a service in a region, and the region that its requests are signed for.
package struct EndpointResolver: Sendable {
    /// One service's address.
    package struct Endpoint: Sendable, Hashable {
        /// Scheme and authority, without a trailing slash; a path prefix stays.
        package var url: String
        /// The region in the signature; for a global service, the region that serves the whole partition.
        package var signingRegion: String
    }

    /// Why no endpoint can be used.
    package struct ConfigurationError: Classified, Hashable, CustomStringConvertible {
        /// Names the variable or the region, and the fault.
        package let description: String
        /// Permanent: the environment is read once, when the process starts.
        package var disposition: Disposition { .permanent }
    }

    private let overrides: [String: String]
    private let usesFIPS: Bool
    private let usesDualStack: Bool

    /// Reads `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS`,
    /// `AWS_USE_FIPS_ENDPOINT` and `AWS_USE_DUALSTACK_ENDPOINT` as the AWS CLI does.
    ///
    /// - Throws: `ConfigurationError` for an invalid URL, and for `AWS_ENDPOINT_URL` combined with FIPS or dual-stack.
    package init(environment: [String: String]) throws(ConfigurationError) {
        usesFIPS = environment["AWS_USE_FIPS_ENDPOINT"]?.lowercased() == "true"
        usesDualStack = environment["AWS_USE_DUALSTACK_ENDPOINT"]?.lowercased() == "true"
        let overrides = try Self.overrides(environment)
        self.overrides = overrides
        if overrides[""] != nil { try refuseSwitches(beside: "AWS_ENDPOINT_URL") }
    }

    /// Throws where FIPS or dual-stack is on: a custom URL already decides what those switches would.
    private func refuseSwitches(beside variable: String) throws(ConfigurationError) {
        guard usesFIPS || usesDualStack else { return }
        throw ConfigurationError(
            description: "\(variable) cannot be combined with AWS_USE_FIPS_ENDPOINT or AWS_USE_DUALSTACK_ENDPOINT"
        )
    }

    /// URLs by service id; the one for all services has the empty id.
    private static func overrides(_ environment: [String: String]) throws(ConfigurationError) -> [String: String] {
        let variable = "AWS_ENDPOINT_URL"
        var overrides: [String: String] = [:]
        guard environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.lowercased() != "true" else { return overrides }
        for (name, value) in environment where name.hasPrefix(variable) && !value.isEmpty {
            let rest = name.dropFirst(variable.count)
            guard rest.isEmpty || rest.hasPrefix("_") && rest.count > 1 else { continue }
            guard isURL(value) else {
                throw ConfigurationError(description: "\(name): \(value) is not an http:// or https:// URL with a host")
            }
            overrides[String(rest.dropFirst())] = String(value.reversed().drop { $0 == "/" }.reversed())
        }
        return overrides
    }

    /// The endpoint of `service` in `region`, always the regional one.
    ///
    /// For STS too: opt-in regions refuse the session tokens of its global endpoint.
    ///
    /// - Throws: `ConfigurationError` for text that is no region's code, for the service's own URL combined with FIPS
    ///   or dual-stack, and for S3 with FIPS in China, where there is no such host.
    package func endpoint(for service: AWSService, region: String) throws(ConfigurationError) -> Endpoint {
        guard let partition = AWSPartition(region: region) else {
            throw ConfigurationError(description: "\(region) is not the code of an AWS region")
        }
        let signingRegion = service.globalRegions[partition.id] ?? region
        if let override = overrides[service.id] ?? overrides[""] {
            // Checked per service when it is called: the URL of a service that is never called does no harm.
            try refuseSwitches(beside: "AWS_ENDPOINT_URL_\(service.id)")
            return Endpoint(url: override, signingRegion: signingRegion)
        }
        guard !usesFIPS || service.signingName != "s3" || partition.id != "aws-cn" else {
            throw ConfigurationError(
                description: "AWS_USE_FIPS_ENDPOINT: S3 has no FIPS endpoint in \(region)'s partition, aws-cn"
            )
        }
        return Endpoint(url: "https://" + host(service, signingRegion, partition), signingRegion: signingRegion)
    }

    /// AWS' endpoint rule sets, as far as they concern the services that this fleet calls.
    private func host(_ service: AWSService, _ region: String, _ partition: AWSPartition) -> String {
        let prefix = usesDualStack ? Self.dualStackPrefix(service) : service.endpointPrefix
        let fips = usesFIPS && !hasPlainFIPSHost(service, partition) ? "-fips" : ""
        if service.signingName == "s3" && usesDualStack {
            return "\(prefix)\(fips).dualstack.\(region).\(partition.dnsSuffix)"
        }
        return "\(prefix)\(fips).\(region).\(usesDualStack ? partition.dualStackDNSSuffix : partition.dnsSuffix)"
    }

    /// The names under dual-stack domains have one label fewer.
    private static func dualStackPrefix(_ service: AWSService) -> String {
        switch service.endpointPrefix {
        case "api.ecr": "ecr"
        case "streams.dynamodb": "streams-dynamodb"
        default: service.endpointPrefix
        }
    }

    /// In GovCloud the plain hosts of these services are the validated ones.
    private func hasPlainFIPSHost(_ service: AWSService, _ partition: AWSPartition) -> Bool {
        guard partition.id == "aws-us-gov" else { return false }
        // Organizations has one host there, in the dual-stack domain too (botocore 1.44; older rule sets differ).
        return service.endpointPrefix == "organizations"
            || !usesDualStack && ["sts", "dynamodb", "streams.dynamodb"].contains(service.endpointPrefix)
    }

    private static func isURL(_ text: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) else {
            return false
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return !authority.isEmpty && !authority.hasPrefix(":")
            && !rest.contains { $0.isWhitespace || $0 == "?" || $0 == "#" }
    }
}
