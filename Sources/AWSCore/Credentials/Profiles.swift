/// The profiles of the AWS CLI's config and credentials files, and the name of the selected one.
struct Profiles: Sendable, Hashable {
    /// Settings of one profile.
    typealias Settings = [String: String]

    /// Settings from the config file, by profile.
    private(set) var configured: [String: Settings]
    /// Settings from the credentials file, by profile.
    private(set) var shared: [String: Settings]
    /// Sections `[services NAME]` of the config file, by name.
    private(set) var services: [String: Settings]
    /// The profile asked for, or `default`.
    let selected: String
    /// The paths of both files, for error messages.
    let place: String

    /// Reads the files that `variables` name, or those of the home directory; a file that is not there is empty.
    ///
    /// - Throws: `CredentialsError` that names the file and the line, or a profile that was asked for and is not there.
    init(_ variables: [String: String]) throws(CredentialsError) {
        let config = Self.path(variables, "AWS_CONFIG_FILE", "config")
        let credentials = Self.path(variables, "AWS_SHARED_CREDENTIALS_FILE", "credentials")
        place = [config, credentials].compactMap { $0 }.joined(separator: " and ")
        let sections = try Self.read(config).sections
        configured = Self.byProfile(sections)
        services = Self.byName("services", sections)
        shared = try Self.read(credentials).sections
        let name = ["AWS_DEFAULT_PROFILE", "AWS_PROFILE"].first { variables[$0] != nil }
        selected = name.flatMap { variables[$0] } ?? "default"
        if let name, !contains(selected) {
            let files = place.isEmpty ? "" : " in \(place)"
            throw CredentialsError("\(name) is \(selected), but there is no such profile\(files)")
        }
    }

    /// Whether either file has the profile.
    func contains(_ profile: String) -> Bool { configured[profile] != nil || shared[profile] != nil }

    /// The profile's settings; where both files have one, that of the credentials file.
    func settings(_ profile: String) -> Settings {
        (configured[profile] ?? [:]).merging(shared[profile] ?? [:]) { _, shared in shared }
    }

    private static func path(_ variables: [String: String], _ name: String, _ file: String) -> String? {
        let home = variables["HOME"]
        guard let path = variables[name] else { return home.map { "\($0)/.aws/\(file)" } }
        guard path.hasPrefix("~/"), let home else { return path }
        return home + path.dropFirst()
    }

    private static func read(_ path: String?) throws(CredentialsError) -> ProfileFile {
        guard let path, let text = try CredentialsFile.text(ifPresent: path) else { return ProfileFile() }
        do {
            return try ProfileFile(text)
        } catch {
            throw CredentialsError("\(path), line \(error.line), cannot be read: \(error.reason)")
        }
    }

    /// A config file names its profiles `[profile NAME]`; the default one may also be `[default]`.
    private static func byProfile(_ sections: [String: Settings]) -> [String: Settings] {
        var profiles = byName("profile", sections)
        if profiles["default"] == nil { profiles["default"] = sections["default"] }
        return profiles
    }

    /// The sections `[kind NAME]`, the name in quotes where it holds blanks.
    private static func byName(_ kind: String, _ sections: [String: Settings]) -> [String: Settings] {
        var named: [String: Settings] = [:]
        for (section, settings) in sections {
            let words = ShellWords.split(section) ?? []
            if words.count == 2 && words[0] == kind { named[words[1]] = settings }
        }
        return named
    }
}
