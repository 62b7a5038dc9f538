internal import Domain
internal import JSON

/// Counts over some images, for one level of the index.
struct Tally: Hashable {
    private var coverage: [Coverage.State: Int] = [:]
    private var findings: [Severity: Int] = [:]

    mutating func add(_ image: JudgedImage) {
        coverage[image.coverage.state, default: 0] += 1
        for finding in image.findings { findings[finding.severity, default: 0] += 1 }
    }

    mutating func add(_ other: Tally) {
        coverage.merge(other.coverage, uniquingKeysWith: +)
        findings.merge(other.findings, uniquingKeysWith: +)
    }

    /// Writes the counts as members of the object that is open.
    ///
    /// Only what occurs is named; a severity that AWS adds later comes after the known ones.
    func write(to json: inout JSONWriter) {
        json.member("images", coverage.values.reduce(0, +))
        json.member("judged", coverage[.scanned, default: 0])
        json.object("coverage") { json in
            for state in Coverage.State.allCases {
                if let count = coverage[state] { json.member(state.rawValue, count) }
            }
        }
        json.object("findings") { json in
            for (severity, count) in findings.sorted(by: { $0.key > $1.key }) { json.member(severity.rawValue, count) }
        }
    }
}

/// Where the vulnerabilities of the report occur: the one thing a pass keeps of what it has written.
struct Occurrences {
    struct Entry: Hashable {
        /// Entries of the seed's report, of which an image with three tags has three.
        var entries = 0
        var images = 0
        var worst: Severity
    }

    private(set) var byID: [String: Entry] = [:]

    /// Counts each vulnerability of an image once, however many of its packages it hits.
    ///
    /// - Returns: the ids, sorted, without repetition.
    mutating func add(_ image: JudgedImage, entries: Int) -> [String] {
        var worst: [String: Severity] = [:]
        for finding in image.findings {
            let id = finding.key.vulnerability
            worst[id] = max(worst[id] ?? finding.severity, finding.severity)
        }
        for (id, severity) in worst {
            var entry = byID[id] ?? Entry(worst: severity)
            entry.entries += entries
            entry.images += 1
            entry.worst = max(entry.worst, severity)
            byID[id] = entry
        }
        return worst.keys.sorted()
    }
}
