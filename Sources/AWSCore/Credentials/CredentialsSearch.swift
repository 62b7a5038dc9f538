internal import Support

extension CredentialsSource {
    /// Finds the first source that is configured, in the AWS CLI's order (ops/design/aws.md §4.7).
    ///
    /// If that source fails later, no other is tried. Files are read, but no request is sent: instance metadata comes
    /// last and counts as configured unless it is turned off.
    ///
    /// - Throws: `CredentialsError` that names the wrong setting, or every source that was tried.
    package init(environment: [String: String]) throws(CredentialsError) {
        self = try CredentialsSearch(environment).source()
    }
}

/// The search for a source, in the AWS CLI's order.
struct CredentialsSearch {
    /// The environment, in which an empty variable counts as not set.
    let variables: [String: String]

    init(_ environment: [String: String]) {
        variables = environment.filter { !$0.value.isEmpty }
    }

    func source() throws(CredentialsError) -> CredentialsSource {
        if let keys = try environmentKeys() { return .environment(keys) }
        let profiles = ProfileSearch(profiles: try Profiles(variables), environment: self)
        if let role = try profiles.role() { return role }
        if let role = try webIdentity(profiles.settings, of: profiles.selected) { return .webIdentity(role) }
        if let found = try profiles.source() { return found }
        if let endpoint = try ContainerEndpoint(variables) { return .container(endpoint) }
        let looked = lookedFor(profiles)
        guard let endpoint = try InstanceMetadataEndpoint(variables, lookedFor: looked) else {
            throw CredentialsError(
                "no AWS credentials are configured: there is \(looked), and AWS_EC2_METADATA_DISABLED turns the "
                    + "metadata of EC2 instances off"
            )
        }
        return .instanceMetadata(endpoint)
    }

    /// Both halves of a pair; one alone is an error, which falling back to another source would hide.
    func environmentKeys() throws(CredentialsError) -> Credentials? {
        guard let id = variables["AWS_ACCESS_KEY_ID"] else {
            guard variables["AWS_SECRET_ACCESS_KEY"] == nil else {
                throw CredentialsError("AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not")
            }
            return nil
        }
        guard let secret = variables["AWS_SECRET_ACCESS_KEY"] else {
            throw CredentialsError("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not")
        }
        let end = variables["AWS_CREDENTIAL_EXPIRATION"]
        let expiration = end.flatMap(Timestamp.seconds)
        if let end, expiration == nil {
            throw CredentialsError("AWS_CREDENTIAL_EXPIRATION is \(end), not a time such as 2027-01-15T08:00:00Z")
        }
        return Credentials(
            accessKeyID: id,
            secretAccessKey: Secret(secret),
            sessionToken: variables["AWS_SESSION_TOKEN"].map(Secret.init),
            expiration: expiration
        )
    }

    /// The role that the environment names, or else the profile's settings.
    private func webIdentity(
        _ settings: Profiles.Settings,
        of profile: String
    ) throws(CredentialsError) -> WebIdentityRole? {
        guard let file = variables["AWS_WEB_IDENTITY_TOKEN_FILE"] else {
            return try WebIdentityRole(settings, of: profile)
        }
        guard let role = variables["AWS_ROLE_ARN"] ?? settings["role_arn"] else {
            throw CredentialsError("AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not")
        }
        let name = variables["AWS_ROLE_SESSION_NAME"] ?? settings["role_session_name"]
        return WebIdentityRole(tokenFile: file, roleARN: role, sessionName: name)
    }

    private func lookedFor(_ profiles: ProfileSearch) -> String {
        let files = profiles.profiles.place
        let place =
            files.isEmpty ? "no profile (HOME is not set)" : "nothing in profile \(profiles.selected) of \(files)"
        return "neither AWS_ACCESS_KEY_ID nor AWS_WEB_IDENTITY_TOKEN_FILE nor AWS_CONTAINER_CREDENTIALS_RELATIVE_URI "
            + "nor AWS_CONTAINER_CREDENTIALS_FULL_URI, and \(place)"
    }
}

extension WebIdentityRole {
    /// The role of a profile that names a token file; nil where it names none.
    init?(_ settings: Profiles.Settings, of profile: String) throws(CredentialsError) {
        guard let file = settings["web_identity_token_file"] else { return nil }
        guard let role = settings["role_arn"] else {
            throw CredentialsError("profile \(profile) has web_identity_token_file, but no role_arn")
        }
        self.init(tokenFile: file, roleARN: role, sessionName: settings["role_session_name"])
    }
}
