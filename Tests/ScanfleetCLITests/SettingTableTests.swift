import ArgumentParser
import Foundation
import Testing

@testable import ScanfleetCLI

/// The table of settings against everything that repeats it: flags, documentation and chart.
@Suite struct SettingTableTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// A setting's name under the chart's `config` or `secrets`.
    private static func chartName(_ key: ConfigurationKey) -> String {
        let words = key.rawValue.lowercased().split(separator: "_")
        return words.prefix(1).joined() + words.dropFirst().map(\.capitalized).joined()
    }

    @Test(arguments: ConfigurationKey.allCases)
    func `Every setting has a flag by its own name`(key: ConfigurationKey) throws {
        #expect(try ConfigurationFlags.parse(["--\(key.flag)", "given"]).given == [key: "given"])
    }

    @Test func `The guide's table has every setting with its default and its meaning, and no other`() throws {
        let rows = try Self.text("ops/guides/configuration.md").split(separator: "\n")
            .filter { $0.hasPrefix("| `SCANFLEET_") }.map(String.init)
        let expected = ConfigurationKey.allCases.map { key in
            let fallback = key.defaultValue.map { "`\($0)`" } ?? "–"
            return "| `\(key.variable)` | \(fallback) | \(key.help) |"
        }
        #expect(rows == expected)
    }

    @Test func `The chart's values and its schema have every setting that its users give, and no other`() throws {
        let given = ConfigurationKey.allCases.filter { $0.chart == .config }
        let schema = try JSONSerialization.jsonObject(with: Data(Self.text("helm/scanfleet/values.schema.json").utf8))
        let sections = try #require((schema as? [String: Any])?["properties"] as? [String: Any])
        let config = try #require((sections["config"] as? [String: Any])?["properties"] as? [String: Any])
        #expect(Set(config.keys) == Set(given.map(Self.chartName)))
        let values = try Self.text("helm/scanfleet/values.yaml")
        for key in given {
            let fallback = key.defaultValue.map { "; \($0) unless set" } ?? ""
            let comment = key.help.prefix(1).uppercased() + key.help.dropFirst() + fallback
            #expect(values.contains("\n  # \(comment).\n  \(Self.chartName(key)): \"\"\n"), "\(key.variable)")
        }
    }

    @Test func `The chart's templates set what its users do not, and only what the binary reads`() throws {
        let folder = "helm/scanfleet/templates"
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: folder).path())
        let templates = try names.map { try Self.text("\(folder)/\($0)") }.joined(separator: "\n")
        for key in ConfigurationKey.allCases {
            switch key.chart {
            case .config: #expect(!key.isSecret, "\(key.variable) would stand in a manifest")
            case .secret:
                #expect(templates.contains("\"\(key.variable)\" $root.Values.secrets.\(Self.chartName(key)) "))
            case .builtIn:
                let isSet = ["- name: \(key.variable)\n", "\n\(key.variable): "].contains { templates.contains($0) }
                #expect(isSet, "\(key.variable)")
            }
        }
        let mentioned = templates.matches(of: /SCANFLEET_[A-Z_]*[A-Z]/).map { String($0.output) }
        #expect(Set(mentioned).isSubset(of: ConfigurationKey.allCases.map(\.variable)))
    }
}
