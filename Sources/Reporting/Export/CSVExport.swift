package import Domain

/// One line per finding, and one for each image without findings, so that an image that was not judged does not look
/// clean.
package struct CSVExport: FindingExport {
    package static var announcesVulnerabilities: Bool { false }

    private static let columns = [
        "account", "account_name", "region", "repository", "digest", "tags", "pushed_at", "state", "reason",
        "scanned_at",
        "vulnerability", "severity", "package", "version", "fixed_version", "score",
    ]

    private var bytes: [UInt8] = []

    /// Begins with the line of column names.
    package init() { append(Self.columns) }

    package mutating func add(_ image: ImageStatus, account: Account, known: [String: Vulnerability]) {
        let place = image.image.place
        let head = [
            account.id.rawValue, account.name, place.repository.registry.region.rawValue,
            place.repository.name.rawValue,
            place.digest.rawValue, image.image.tags.joined(separator: " "), Self.time(image.image.pushedAt),
            image.coverage.state.rawValue, image.coverage.reason ?? "", Self.time(image.coverage.at),
        ]
        if image.findings.isEmpty { append(head + Array(repeating: "", count: 6)) }
        for finding in image.findings {
            let score = finding.score.map { "\($0)" } ?? ""
            append(
                head + [
                    finding.key.vulnerability, finding.severity.rawValue, finding.key.package, finding.key.version,
                    finding.fixedVersion ?? "", score,
                ]
            )
        }
    }

    package mutating func finish() {}

    package mutating func drain() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    private static func time(_ seconds: Double?) -> String {
        seconds.map { ReportTime(secondsSince1970: $0).iso8601 } ?? ""
    }

    /// Appends a line in the format of RFC 4180.
    private mutating func append(_ cells: [String]) {
        bytes += cells.map(Self.cell).joined(separator: ",").utf8
        bytes += "\r\n".utf8
    }

    /// Encodes a cell; text that a spreadsheet would run as a formula gets an apostrophe, because names and reasons
    /// come from others.
    static func cell(_ text: String) -> String {
        let isFormula = text.utf8.first.map { "=+-@\t\r\n".utf8.contains($0) } ?? false
        let plain = isFormula ? "'" + text : text
        guard plain.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return plain }
        return "\"" + plain.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
