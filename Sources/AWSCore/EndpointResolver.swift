/// Decides where a service of a region is reached and for which region its requests are signed.
package struct EndpointResolver: Sendable {
    /// One service's address.
    package struct Endpoint: Sendable, Hashable {
        /// Scheme and authority, without a trailing slash; a path prefix stays.
        package var url: String
        package var signingRegion: String
    }

    /// Why no endpoint can be used.
    package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    private let overrides: [String: String]
    private let usesFIPS: Bool
    private let usesDualStack: Bool

    /// Reads `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS`,
    /// `AWS_USE_FIPS_ENDPOINT` and `AWS_USE_DUALSTACK_ENDPOINT` as the AWS CLI does.
    ///
    /// - Throws: `ConfigurationError` for a URL that is none, and for an override together with FIPS or dual-stack.
    package init(environment: [String: String]) throws(ConfigurationError) {
        usesFIPS = environment["AWS_USE_FIPS_ENDPOINT"]?.lowercased() == "true"
        usesDualStack = environment["AWS_USE_DUALSTACK_ENDPOINT"]?.lowercased() == "true"
        var overrides: [String: String] = [:]
        if environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.lowercased() != "true" {
            for (name, value) in environment where name.hasPrefix("AWS_ENDPOINT_URL") && !value.isEmpty {
                guard name == "AWS_ENDPOINT_URL" || name.hasPrefix("AWS_ENDPOINT_URL_") else { continue }
                guard Self.isURL(value) else {
                    throw ConfigurationError(description: "\(name): \(value) is not an http:// or https:// URL with a host")
                }
                let service = String(name.dropFirst("AWS_ENDPOINT_URL".count).drop { $0 == "_" })
                overrides[service] = String(value.reversed().drop { $0 == "/" }.reversed())
            }
        }
        if !overrides.isEmpty && (usesFIPS || usesDualStack) {
            throw ConfigurationError(
                description: "AWS_ENDPOINT_URL cannot be combined with AWS_USE_FIPS_ENDPOINT or AWS_USE_DUALSTACK_ENDPOINT"
            )
        }
        self.overrides = overrides
    }

    /// The endpoint of `service` in `region`.
    ///
    /// - Throws: `ConfigurationError` when no region of AWS has such a code.
    package func endpoint(for service: AWSService, region: String) throws(ConfigurationError) -> Endpoint {
        guard let partition = AWSPartition(region: region) else {
            throw ConfigurationError(description: "\(region) is not the code of an AWS region")
        }
        let signingRegion = service.globalRegions[partition.id] ?? region
        if let override = overrides[service.id] ?? overrides[""] {
            return Endpoint(url: override, signingRegion: signingRegion)
        }
        return Endpoint(url: "https://" + host(service, signingRegion, partition), signingRegion: signingRegion)
    }

    /// The generic rule of AWS' endpoint rule sets; a dual-stack ECR drops the `api.` that its other hosts have.
    private func host(_ service: AWSService, _ region: String, _ partition: AWSPartition) -> String {
        let suffix = usesDualStack ? partition.dualStackDNSSuffix : partition.dnsSuffix
        var prefix = service.endpointPrefix
        if usesDualStack && prefix == "api.ecr" { prefix = "ecr" }
        if usesFIPS && prefix == "streams.dynamodb" { return "streams.dynamodb\(Self.fips(partition)).\(region).\(suffix)" }
        if usesFIPS { prefix += "-fips" }
        if service.signingName == "s3" && usesDualStack { return "\(prefix).dualstack.\(region).\(partition.dnsSuffix)" }
        return "\(prefix).\(region).\(suffix)"
    }

    /// GovCloud's plain streams hosts are FIPS endpoints already.
    private static func fips(_ partition: AWSPartition) -> String { partition.id == "aws-us-gov" ? "" : "-fips" }

    private static func isURL(_ text: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) else { return false }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return !authority.isEmpty && !authority.hasPrefix(":") && !rest.contains { $0.isWhitespace || $0 == "?" || $0 == "#" }
    }
}
