/// The URL, time-out and attempts for the metadata service of an EC2 instance.
package struct InstanceMetadataEndpoint: Sendable, Hashable {
    /// Without a slash at its end.
    let url: String
    /// Whether keys may be asked without a token, where the server gives none.
    let allowsVersion1: Bool
    let timeout: Duration
    let maximumAttempts: Int
    /// The sources that were tried before this last resort, for error messages; nil where a profile names this one.
    let lookedFor: String?

    /// Reads the variables that the AWS CLI reads; nil where instance metadata are turned off.
    init?(_ variables: [String: String], lookedFor: String? = nil) throws(CredentialsError) {
        guard variables["AWS_EC2_METADATA_DISABLED"]?.lowercased() != "true" else { return nil }
        url = try Self.url(variables)
        allowsVersion1 = variables["AWS_EC2_METADATA_V1_DISABLED"]?.lowercased() != "true"
        timeout = .seconds(try Self.number(variables, "AWS_METADATA_SERVICE_TIMEOUT"))
        maximumAttempts = try Self.number(variables, "AWS_METADATA_SERVICE_NUM_ATTEMPTS")
        self.lookedFor = lookedFor
    }

    private static func url(_ variables: [String: String]) throws(CredentialsError) -> String {
        let name = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
        if var given = variables[name] {
            guard URLHost(given) != nil else {
                throw CredentialsError("\(name) is not an http:// or https:// URL with a host")
            }
            while given.hasSuffix("/") { given.removeLast() }
            return given
        }
        switch variables["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"]?.lowercased() {
        case nil, "ipv4": return "http://169.254.169.254"
        case "ipv6": return "http://[fd00:ec2::254]"
        case let mode?:
            throw CredentialsError("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is \(mode), which is neither IPv4 nor IPv6")
        }
    }

    /// A number of seconds or tries; one by default.
    private static func number(_ variables: [String: String], _ name: String) throws(CredentialsError) -> Int {
        guard let text = variables[name] else { return 1 }
        guard let number = Int(text), (1...60).contains(number) else {
            throw CredentialsError("\(name) is \(text), which is not a whole number from 1 to 60")
        }
        return number
    }
}

extension InstanceMetadataEndpoint: CustomStringConvertible {
    package var description: String { "the EC2 instance's metadata at \(url)" }
}
