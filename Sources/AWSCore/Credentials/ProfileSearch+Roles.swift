internal import Support

extension ProfileSearch {
    /// A role with the source of the keys that assume it; `visited` are the profiles that led here.
    func role(of profile: String, behind visited: [String]) throws(CredentialsError) -> CredentialsSource {
        let settings = profiles.settings(profile)
        let role = try AssumedRole(settings, of: profile)
        switch (settings["source_profile"], settings["credential_source"]) {
        case (let source?, nil):
            return .role(role, by: try sourceProfile(source, of: profile, behind: visited + [profile]))
        case (nil, let source?):
            return .role(role, by: try credentialSource(source, of: profile))
        case (nil, nil):
            throw CredentialsError("profile \(profile) has role_arn, but neither source_profile nor credential_source")
        case (_?, _?):
            throw CredentialsError("profile \(profile) has both source_profile and credential_source: remove one")
        }
    }

    private func sourceProfile(
        _ name: String,
        of parent: String,
        behind visited: [String]
    ) throws(CredentialsError) -> CredentialsSource {
        guard profiles.contains(name) else {
            throw CredentialsError("profile \(parent) has source_profile = \(name), but there is no such profile")
        }
        let settings = profiles.settings(name)
        // Keys of its own end the chain, so a profile may be its own source.
        if settings.isAssumedRole && !settings.hasKeys {
            guard !visited.contains(name) else {
                throw CredentialsError("the source_profile of profile \(parent) leads back to profile \(name)")
            }
            return try role(of: name, behind: visited)
        }
        if let role = try WebIdentityRole(settings, of: name) { return .webIdentity(role) }
        if let found = try source(of: name) { return found }
        throw CredentialsError("profile \(name), the source_profile of profile \(parent), has no credentials")
    }

    private func credentialSource(_ name: String, of profile: String) throws(CredentialsError) -> CredentialsSource {
        let prefix = "profile \(profile) has credential_source = \(name), but"
        switch name {
        case "Environment":
            if let keys = try environment.environmentKeys() { return .environment(keys) }
            throw CredentialsError("\(prefix) AWS_ACCESS_KEY_ID is not set")
        case "EcsContainer":
            if let endpoint = try ContainerEndpoint(environment.variables) { return .container(endpoint) }
            throw CredentialsError("\(prefix) AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not set")
        case "Ec2InstanceMetadata":
            if let endpoint = try InstanceMetadataEndpoint(environment.variables) { return .instanceMetadata(endpoint) }
            throw CredentialsError("\(prefix) AWS_EC2_METADATA_DISABLED turns it off")
        default:
            throw CredentialsError("\(prefix) only Environment, EcsContainer and Ec2InstanceMetadata are known")
        }
    }
}

extension Profiles.Settings {
    /// Whether they say to assume a role with other keys; with a token file it is web identity's.
    var isAssumedRole: Bool { self["role_arn"] != nil && self["web_identity_token_file"] == nil }

    /// Whether the profile has at least one half of a pair of keys.
    fileprivate var hasKeys: Bool { self["aws_access_key_id"] != nil || self["aws_secret_access_key"] != nil }
}

extension AssumedRole {
    /// Reads a profile that `isAssumedRole`.
    fileprivate init(_ settings: Profiles.Settings, of profile: String) throws(CredentialsError) {
        if settings["mfa_serial"] != nil {
            throw CredentialsError("profile \(profile) has mfa_serial, and nobody is here to type a code: remove it")
        }
        let duration = settings["duration_seconds"]
        let seconds = duration.flatMap { Int($0) }
        if let duration, seconds.map((900...43200).contains) != true {
            throw CredentialsError(
                "profile \(profile) has duration_seconds = \(duration), which is not a number from 900 to 43200"
            )
        }
        self.init(
            profile: profile,
            roleARN: settings["role_arn"] ?? "",
            externalID: settings["external_id"].map { Secret($0) },
            sessionName: settings["role_session_name"],
            duration: seconds
        )
    }
}
