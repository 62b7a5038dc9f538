internal import Configuration
internal import SystemPackage

/// The sources of settings; the first that has a value wins: flags, environment, file, defaults.
package struct ConfigurationSources: Sendable {
    /// A setting's value and its source.
    package struct Found: Hashable, Sendable {
        /// The text as it was given, before any check; it may be a secret.
        package var value: String
        /// `flag`, `environment`, `file` or `default`, as `scanfleet config` shows it.
        package var source: String

        /// Pairs a value with one of the four names of `source`.
        package init(value: String, source: String) {
            self.value = value
            self.source = source
        }
    }

    private let layers: [(name: String, reader: ConfigReader)]

    /// Joins the given flags, the environment, and the file of `NAME=value` lines, if one is named.
    ///
    /// - Throws: `ConfigurationProblems` when the file cannot be read.
    package init(
        flags: [ConfigurationKey: String],
        environment: [String: String],
        file: String?
    ) async throws(ConfigurationProblems) {
        let given = Dictionary(uniqueKeysWithValues: flags.map { ($0.key.variable, $0.value) })
        var layers: [(String, any ConfigProvider)] = [
            ("flag", EnvironmentVariablesProvider(environmentVariables: given)),
            ("environment", EnvironmentVariablesProvider(environmentVariables: environment)),
        ]
        if let file {
            do {
                layers.append(("file", try await EnvironmentVariablesProvider(environmentFilePath: FilePath(file))))
            } catch {
                throw ConfigurationProblems(["--config: \(file) cannot be read: \(error)"])
            }
        }
        self.layers = layers.map { ($0, ConfigReader(provider: $1)) }
    }

    /// Returns the effective value; an empty one counts as not given, because charts and shells unset variables so.
    package func find(_ key: ConfigurationKey) -> Found? {
        let path = ConfigKey(key.variable.lowercased().split(separator: "_").map(String.init))
        for layer in layers {
            if let value = layer.reader.string(forKey: path, isSecret: key.isSecret), !value.isEmpty {
                return Found(value: value, source: layer.name)
            }
        }
        return key.defaultValue.map { Found(value: $0, source: "default") }
    }
}
