internal import Support

/// The URL of the agent that gives a container its keys (EKS Pod Identity, ECS), and the token it asks for.
package struct ContainerEndpoint: Sendable, Hashable {
    /// The token that identifies the container to the agent.
    enum Proof: Sendable, Hashable {
        /// A file whose text is read for each request, because it is replaced while the process runs.
        case file(String)
        case token(Secret)
    }

    let url: String
    let proof: Proof?

    /// The addresses of the agents of ECS and of EKS, the latter in both IP versions.
    private static let agents: Set<String> = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"]

    /// Reads the variables that ECS and EKS set; nil where they are not set.
    ///
    /// - Throws: `CredentialsError` for an address that keys must not be asked from, and for a token that would add a
    ///   header.
    init?(_ variables: [String: String]) throws(CredentialsError) {
        if let path = variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
            guard path.hasPrefix("/"), path.isPrintableASCII else {
                throw CredentialsError("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is \(path), which is not a path")
            }
            url = "http://169.254.170.2" + path
        } else if let full = variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] {
            try Self.checkHost(full)
            url = full
        } else {
            return nil
        }
        if let file = variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
            proof = .file(file)
        } else if let token = variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] {
            guard token.isHeaderValue else {
                throw CredentialsError("AWS_CONTAINER_AUTHORIZATION_TOKEN holds a line break")
            }
            proof = .token(Secret(token))
        } else {
            proof = nil
        }
    }

    /// Without TLS only the agents and this machine itself may be asked: any other host could be impersonated.
    private static func checkHost(_ url: String) throws(CredentialsError) {
        let name = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
        guard let host = URLHost(url) else {
            throw CredentialsError("\(name) is not an http:// or https:// URL with a plain host")
        }
        guard host.isEncrypted || host.isLoopback || agents.contains(host.name) else {
            throw CredentialsError(
                "\(name) names the host \(host.name): without https only this machine and the agents at "
                    + "\(agents.sorted().joined(separator: ", ")) may be asked for keys"
            )
        }
    }
}

extension ContainerEndpoint: CustomStringConvertible {
    package var description: String { "the container's agent at \(url.prefix { $0 != "?" })" }
}

/// The host of a URL, parsed so strictly that libcurl cannot read another host from the same text.
struct URLHost: Sendable, Hashable {
    /// In lower case; an IPv6 address keeps its brackets.
    let name: String
    let isEncrypted: Bool

    /// Nil for other schemes, for user names, and for characters that a URL must not hold.
    init?(_ url: String) {
        let scheme = url.prefix { $0 != ":" }.lowercased()
        guard scheme == "http" || scheme == "https", url.dropFirst(scheme.count).hasPrefix("://") else { return nil }
        guard url.isPrintableASCII, !url.contains("\\") else { return nil }
        let authority = url.dropFirst(scheme.count + 3).prefix { !"/?#".contains($0) }
        guard !authority.contains("@"), !authority.contains("%") else { return nil }
        isEncrypted = scheme == "https"
        let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        name = host.lowercased()
        let rest = authority.dropFirst(host.count)
        guard !name.isEmpty, rest.isEmpty || rest.hasPrefix(":") && rest.dropFirst().allSatisfy(\.isNumber) else {
            return nil
        }
    }

    /// Whether it is this machine: 127.0.0.0/8 in its usual form, ::1, or the one name that always means it.
    var isLoopback: Bool {
        if name == "localhost" || name == "[::1]" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        // Other forms of numbers, such as 0177, are read in more than one way.
        let isPlain = { (part: Substring) in UInt8(part).map { "\($0)" == part } == true }
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy(isPlain)
    }
}

extension String {
    /// Neither blanks nor control characters, and nothing beyond ASCII.
    fileprivate var isPrintableASCII: Bool { utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }

    /// Whether it can be a header's value without adding another header.
    var isHeaderValue: Bool { utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
}
