internal import Domain
internal import JSON

/// The counts of some images, for one level of the index: a repository, registry, account or the organization.
struct CoverageCounts: Hashable {
    private var coverage: [Coverage.State: Int] = [:]
    private(set) var findings: [Severity: Int] = [:]
    /// Images by bucket, for the history; the index does not contain them.
    private(set) var classes: [SeverityBucket: Int] = [:]

    init() {}

    var images: Int { coverage.values.reduce(0, +) }
    var judged: Int { coverage[.scanned, default: 0] }

    mutating func add(_ image: ImageStatus) {
        coverage[image.coverage.state, default: 0] += 1
        classes[SeverityBucket(image), default: 0] += 1
        for finding in image.findings { findings[finding.severity, default: 0] += 1 }
    }

    mutating func add(_ other: CoverageCounts) {
        coverage.merge(other.coverage, uniquingKeysWith: +)
        findings.merge(other.findings, uniquingKeysWith: +)
        classes.merge(other.classes, uniquingKeysWith: +)
    }

    /// Writes the counts as members of the open object.
    ///
    /// States and severities without images or findings are omitted; a severity that AWS adds later comes after the
    /// known ones.
    func write(to json: inout JSONWriter) {
        json.member("images", images)
        json.member("judged", judged)
        json.object("coverage") { json in
            for state in Coverage.State.allCases {
                if let count = coverage[state] { json.member(state.rawValue, count) }
            }
        }
        json.object("findings") { json in
            for (severity, count) in findings.sorted(by: { $0.key > $1.key }) { json.member(severity.rawValue, count) }
        }
    }

    /// Writes the member that `write` leaves out.
    func writeClasses(to json: inout JSONWriter) {
        json.object("classes") { json in
            for (name, count) in classes { json.member(name.rawValue, count) }
        }
    }

    /// Reads one member that `write` or `writeClasses` wrote; others are skipped.
    mutating func read(_ key: String, from json: inout JSONCursor) throws {
        switch key {
        case "coverage":
            try json.readObject { word, value in
                guard let state = Coverage.State(rawValue: word) else { throw UnknownWord(word: word) }
                coverage[state] = try value.readInt()
            }
        case "findings": try json.readObject { findings[Severity(rawValue: $0)] = try $1.readInt() }
        case "classes":
            try json.readObject { word, value in
                guard let name = SeverityBucket(rawValue: word) else { throw UnknownWord(word: word) }
                classes[name] = try value.readInt()
            }
        default: break
        }
    }
}

/// A value in a segment that this version does not write.
struct UnknownWord: Error {
    var word: String
}
