/// One vulnerability, told in invented words.
struct SimulatedVulnerability: Sendable {
    var id: String
    var severity: String
    /// Basic scans leave it out for some.
    var description: String?
    /// Ends in a blank for some, as ECR's do.
    var uri: String
    var score2: Double?
    var score3: Double?
    /// The packages that it hits, mostly one.
    var packages: [String]

    var vector2: String { "AV:N/AC:M/Au:N/C:P/I:P/A:P" }
    var vector3: String { "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:L/A:N" }
}

/// Every vulnerability that the organization knows; images refer to them by position.
struct Catalogue: Sendable {
    private(set) var vulnerabilities: [SimulatedVulnerability] = []
    /// Positions by package.
    private(set) var byPackage: [String: [Int]] = [:]
    let packages: [String]

    init(seed: UInt64, count: Int) {
        var generator = SeededGenerator(seed: seed, "catalogue")
        packages = PackageNames.all
        for number in 0..<count {
            add(severity: Self.severity(&generator), number: 10_000 + number, using: &generator)
        }
    }

    /// Adds a vulnerability with an id that was never used before, and returns its position.
    mutating func addNew(severity: String, using generator: inout SeededGenerator) -> Int {
        add(severity: severity, number: 10_000 + vulnerabilities.count, using: &generator)
    }

    @discardableResult
    private mutating func add(severity: String, number: Int, using generator: inout SeededGenerator) -> Int {
        let package = packages[number % packages.count]
        let id = "CVE-2099-\(number)"
        let isScored = !generator.chance(0.08)
        let base = Self.score(of: severity, using: &generator)
        let vulnerability = SimulatedVulnerability(
            id: id,
            severity: severity,
            description: generator.chance(0.07) ? nil : Self.describe(package, number, using: &generator),
            uri: "https://advisories.example.org/\(id)" + (generator.chance(0.1) ? " " : ""),
            score2: isScored && generator.chance(0.4) ? base : nil,
            score3: isScored ? base : nil,
            packages: generator.chance(0.03) ? [package, "\(package)-dev"] : [package]
        )
        vulnerabilities.append(vulnerability)
        byPackage[package, default: []].append(vulnerabilities.count - 1)
        return vulnerabilities.count - 1
    }

    /// Roughly what Debian images show; one word that no list knows.
    private static func severity(_ generator: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<4: "CRITICAL"
        case 4..<20: "HIGH"
        case 20..<55: "MEDIUM"
        case 55..<80: "LOW"
        case 80..<95: "INFORMATIONAL"
        case 95..<99: "UNDEFINED"
        default: "NEGLIGIBLE"
        }
    }

    private static func score(of severity: String, using generator: inout SeededGenerator) -> Double {
        let tenths: ClosedRange<Int> =
            switch severity {
            case "CRITICAL": 90...100
            case "HIGH": 70...89
            case "MEDIUM": 40...69
            default: 1...39
            }
        return Double(Int.random(in: tenths, using: &generator)) / 10
    }

    private static func describe(_ package: String, _ number: Int, using generator: inout SeededGenerator) -> String {
        let cause = generator.pick(["an off-by-one", "a missing bound", "a stale pointer", "an unchecked sum"], or: "")
        let input = generator.pick(["archive", "certificate", "locale name", "request header", "font table"], or: "")
        let effect = generator.pick(
            ["read memory of another session", "stop the process", "write one byte past a buffer", "run a command"],
            or: ""
        )
        return
            "In \(package) before release \(number % 90 + 3), \(cause) in the code that reads a crafted \(input) lets "
            + "a remote party \(effect). The invented maintainers call this \"case \(number)\"; "
            + "programs that never read such an \(input) are not affected\u{2014}see their notes."
    }
}
