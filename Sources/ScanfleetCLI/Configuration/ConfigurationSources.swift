internal import Configuration
internal import SystemPackage

/// Where settings come from, the strongest first: flags, environment, file, defaults.
package struct ConfigurationSources: Sendable {
    /// A setting and what gave it.
    package struct Found: Hashable, Sendable {
        /// The text as it was given.
        package var value: String
        /// `flag`, `environment`, `file` or `default`.
        package var source: String

        /// Pairs a value with what gave it.
        package init(value: String, source: String) {
            self.value = value
            self.source = source
        }
    }

    private let layers: [(name: String, reader: ConfigReader)]

    /// Joins the flags given and the environment, and a file of `NAME=value` lines where one is named.
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

    /// The effective value; an empty one counts as not given, because that is how charts and shells unset a variable.
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
