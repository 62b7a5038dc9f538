internal import Support

/// Looks for the source that a profile's settings configure, in the AWS CLI's order.
struct ProfileSearch {
    let profiles: Profiles
    let environment: CredentialsSearch

    var selected: String { profiles.selected }

    var settings: Profiles.Settings { profiles.settings(selected) }

    /// The role of the selected profile; nil where it names none.
    func role() throws(CredentialsError) -> CredentialsSource? {
        settings.isAssumedRole ? try role(of: selected, behind: []) : nil
    }

    /// The keys or the process of the selected profile; nil where it has neither.
    func source() throws(CredentialsError) -> CredentialsSource? { try source(of: selected) }

    // MARK: Keys, processes, and unsupported settings

    func source(of profile: String) throws(CredentialsError) -> CredentialsSource? {
        let settings = profiles.settings(profile)
        if settings["sso_session"] != nil || settings["sso_start_url"] != nil {
            throw unsupported(profile, "signs in through IAM Identity Center (SSO)")
        }
        if let keys = try keys(profiles.shared[profile], of: profile) { return .profile(profile, keys) }
        if settings["login_session"] != nil { throw unsupported(profile, "signs in through aws login") }
        if let command = settings["credential_process"] {
            return .process(CredentialsProcess(profile: profile, command: Secret(command)))
        }
        return try keys(profiles.configured[profile], of: profile).map { .profile(profile, $0) }
    }

    private func keys(_ settings: Profiles.Settings?, of profile: String) throws(CredentialsError) -> Credentials? {
        guard let settings, let id = settings["aws_access_key_id"] else { return nil }
        guard let secret = settings["aws_secret_access_key"] else {
            throw CredentialsError("profile \(profile) has aws_access_key_id, but no aws_secret_access_key")
        }
        let token = settings["aws_session_token"].map(Secret.init)
        return Credentials(accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: token)
    }

    private func unsupported(_ profile: String, _ what: String) -> CredentialsError {
        CredentialsError(
            "profile \(profile) \(what), which needs a person: make a profile with credential_process = "
                + "aws configure export-credentials --profile \(profile), and name it in AWS_PROFILE"
        )
    }
}
