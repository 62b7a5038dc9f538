/// AWS' settings from the environment's variables and, where a variable is not set, from the selected profile.
package enum ProfileEnvironment {
    /// A profile's settings and the variables that they are equivalent to.
    private static let variables = [
        "ca_bundle": "AWS_CA_BUNDLE", "endpoint_url": "AWS_ENDPOINT_URL",
        "ignore_configured_endpoint_urls": "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        "max_attempts": "AWS_MAX_ATTEMPTS", "region": "AWS_REGION", "retry_mode": "AWS_RETRY_MODE",
        "use_dualstack_endpoint": "AWS_USE_DUALSTACK_ENDPOINT", "use_fips_endpoint": "AWS_USE_FIPS_ENDPOINT",
    ]

    /// The variables, completed from the profile that they select; an empty one counts as not set.
    ///
    /// - Throws: `CredentialsError` where the profile, or the section that its `services` names, is not there or cannot be
    ///   read.
    package static func completing(_ environment: [String: String]) throws(CredentialsError) -> [String: String] {
        let given = environment.filter { !$0.value.isEmpty }
        let profiles = try Profiles(given)
        let settings = profiles.settings(profiles.selected)
        var found: [String: String] = [:]
        for (name, variable) in variables { found[variable] = settings[name] }
        if given["AWS_DEFAULT_REGION"] != nil { found["AWS_REGION"] = nil }
        // The variable for all services overrides a profile's URL for one service.
        if given["AWS_ENDPOINT_URL"] == nil, let name = settings["services"] {
            guard let services = profiles.services[name] else {
                throw CredentialsError(
                    "profile \(profiles.selected) has services = \(name), but there is no such section"
                )
            }
            for (name, url) in services where name.hasSuffix(".endpoint_url") {
                found["AWS_ENDPOINT_URL_" + name.prefix { $0 != "." }.uppercased()] = url
            }
        }
        return found.merging(given) { $1 }
    }
}
