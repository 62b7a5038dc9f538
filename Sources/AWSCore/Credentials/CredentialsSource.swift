internal import Support

/// Where keys come from, decided from environment and files alone, without a request.
package indirect enum CredentialsSource: Sendable, Hashable {
    /// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
    case environment(Credentials)
    /// Keys written in a profile, with the profile's name.
    case profile(String, Credentials)
    /// A role that the keys of another source assume.
    case role(AssumedRole, by: CredentialsSource)
    /// A role assumed with a token from a file, as IRSA gives it to a pod.
    case webIdentity(WebIdentityRole)
    /// A program that prints keys.
    case process(CredentialsProcess)
    /// An agent beside the container: EKS Pod Identity or ECS.
    case container(ContainerEndpoint)
    /// The metadata of the EC2 instance.
    case instanceMetadata(InstanceMetadataEndpoint)

    /// Whether its keys may be a role's session, which assumes a further role for an hour at most (STS, role chaining).
    var mayBeRoleSession: Bool {
        switch self {
        case .environment(let keys), .profile(_, let keys): keys.sessionToken != nil
        case .role, .webIdentity, .process, .container, .instanceMetadata: true
        }
    }
}

extension CredentialsSource: CustomStringConvertible {
    package var description: String {
        switch self {
        case .environment: "the environment (AWS_ACCESS_KEY_ID)"
        case .profile(let name, _): "the keys of profile \(name)"
        case .role(let role, let source): "\(role) by \(source)"
        case .webIdentity(let role): "\(role)"
        case .process(let process): "\(process)"
        case .container(let endpoint): "\(endpoint)"
        case .instanceMetadata(let endpoint): "\(endpoint)"
        }
    }
}

/// A role that a profile's `role_arn` names.
package struct AssumedRole: Sendable, Hashable, CustomStringConvertible {
    let profile: String
    let roleARN: String
    let externalID: Secret?
    let sessionName: String?
    /// Seconds; nil leaves it to STS.
    let duration: Int?

    package var description: String { "role \(roleARN) of profile \(profile), assumed" }
}

/// A role that trusts an identity provider, and the file with the provider's token.
package struct WebIdentityRole: Sendable, Hashable, CustomStringConvertible {
    let tokenFile: String
    let roleARN: String
    let sessionName: String?

    package var description: String { "web identity (role \(roleARN), token file \(tokenFile))" }
}

/// A program that a profile names to print keys; its arguments may be secret.
package struct CredentialsProcess: Sendable, Hashable, CustomStringConvertible {
    /// Runs a program, given as its name and arguments, and returns the bytes of its standard output.
    package typealias Runner = @Sendable (_ command: [String]) async throws -> [UInt8]

    let profile: String
    let command: Secret

    package var description: String { "the credential_process of profile \(profile)" }
}
