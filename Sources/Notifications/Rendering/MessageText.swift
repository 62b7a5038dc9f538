internal import Domain
internal import Support

/// The text of a notification for people, with every name escaped: a title, the place, then the changes.
///
/// The titles are those of the tool that scanfleet replaces.
struct MessageText {
    private(set) var lines: [String]

    /// AWS allows 1,000 tags per image; a few suffice to recognise it.
    private static let shownTags = 5
    /// Further images and changes are only counted here; the payload lists them.
    private static let shownImages = 10
    private static let shownChanges = 12
    /// In bytes, about half of `MessageRenderer.largestSection`; images beyond it are only counted.
    private static let shownText = 12_000

    var text: String { lines.joined(separator: "\n") }

    init(_ change: NotificationContent) {
        switch change {
        case .images(let change): lines = Self.lines(of: change)
        case .bulkChange(let change): lines = Self.lines(of: change)
        case .baseline(let baseline): lines = Self.lines(of: baseline)
        case .gap(let gap): lines = Self.lines(of: gap)
        case .vulnerabilities(let change): lines = VulnerabilityText(change).lines
        case .suppression(let notice): lines = Self.lines(of: notice)
        case .access(let change): lines = Self.lines(of: change)
        case .scope(let change): lines = Self.lines(of: change)
        }
    }

    private static func lines(of change: RepositoryChange) -> [String] {
        let isAllNew = change.images.allSatisfy { $0.cause == .detected }
        let isGapOnly = change.images.allSatisfy { $0.cause.isLoss }
        let title = isAllNew ? "Vulnerabilities Detected" : isGapOnly ? "Coverage Lost" : "Vulnerabilities Changed"
        let registry = change.place.registry
        let place = "\(name(of: registry.account, change.accountName)) \(ChatText.escaped(registry.region.rawValue))"
        let shown = shownImages(of: change)
        let rest = change.images.count - shown.count
        let more = rest > 0 ? ["and \(rest) more \(rest == 1 ? "image" : "images")"] : []
        return [title, place] + shown.joined() + more
    }

    /// The lines of the first images, as many as fit, and at least one.
    private static func shownImages(of change: RepositoryChange) -> [[String]] {
        var shown: [[String]] = []
        var bytes = 0
        for image in change.images.prefix(shownImages) {
            let lines = lines(of: image, in: change.place.name)
            bytes += lines.reduce(0) { $0 + $1.utf8.count + 1 }
            if bytes > shownText && !shown.isEmpty { break }
            shown.append(lines)
        }
        return shown
    }

    private static func lines(of image: ImageChange, in repository: RepositoryName) -> [String] {
        var tags = image.tags.prefix(shownTags).map(ChatText.escaped).joined(separator: ", ")
        if image.tags.count > shownTags { tags += " and \(image.tags.count - shownTags) more tags" }
        let label = tags.isEmpty ? "@" + ChatText.escaped(image.digest.rawValue) : ":" + tags
        let heading = ChatText.escaped(repository.rawValue) + label
        return [heading] + causeLines(of: image) + changeLines(of: image.changes)
    }

    private static func causeLines(of image: ImageChange) -> [String] {
        switch image.cause {
        case .detected, .changed: return []
        case .removed where image.openFindings.isEmpty: return ["  image removed"]
        case .removed: return ["  image removed, and \(numbers(image.openFindings)) with it: not fixed, gone"]
        case .coverageLost(let coverage):
            let known = image.openFindings.isEmpty ? "" : "; last known: \(numbers(image.openFindings))"
            let verb = coverage.state == .outOfScope ? "looked at" : "judged"
            return ["  no longer \(verb): \(words(coverage))\(known)"]
        case .coverageRegained: return ["  judged again"]
        }
    }

    private static func changeLines(of changes: [FindingChange]) -> [String] {
        var groups: [Group: [String]] = [:]
        for change in changes { groups[Group(change), default: []].append(label(of: change)) }
        return groups.sorted { $0.key.rank > $1.key.rank }.map { group, labels in
            let more = labels.count > shownChanges ? " and \(labels.count - shownChanges) more" : ""
            return "  \(group.verb) \(group.severity): \(labels.prefix(shownChanges).joined(separator: ", "))\(more)"
        }
    }

    private static func label(of change: FindingChange) -> String {
        let key = change.finding.key
        let package = [key.package, key.version].filter { !$0.isEmpty }.map(ChatText.escaped).joined(separator: " ")
        var label = ChatText.escaped(key.vulnerability)
        if !package.isEmpty { label += " (\(package))" }
        switch change {
        case .opened(let finding), .fixBecameAvailable(let finding):
            label += finding.fixedVersion.map { " fixed in \(ChatText.escaped($0))" } ?? ""
        case .resolved: break
        case .severityChanged(_, let before): label += " was \(ChatText.escaped(before.rawValue))"
        }
        return label
    }

    private static func lines(of baseline: AccountBaseline) -> [String] {
        let regions = baseline.regions.map { ChatText.escaped($0.rawValue) }.joined(separator: ", ")
        var lines = [
            "First Look at \(name(of: baseline.account, baseline.accountName))",
            "\(regions): \(baseline.images) images, \(baseline.coverage[.scanned, default: 0]) judged",
            "\(numbers(baseline.findings)); \(baseline.affectedImages) images affected",
        ]
        if baseline.suppressed > 0 { lines.append("suppressed: \(baseline.suppressed) findings more") }
        let gaps = baseline.coverage.filter { $0.key != .scanned }.sorted { $0.key.rawValue < $1.key.rawValue }
        if !gaps.isEmpty {
            lines.append("not judged: " + gaps.map { "\($0.value) \(words(Coverage($0.key)))" }.joined(separator: ", "))
        }
        return lines + ["From now on only changes are told."]
    }

    private static func lines(of gap: StreamGap) -> [String] {
        [
            "Changes Compared",
            "The stream of changes was broken: \(ChatText.escaped(gap.reason))",
            "\(gap.compared) images were compared with what was last told; \(gap.differing) had changed.",
        ]
    }

    private static func lines(of notice: SuppressionNotice) -> [String] {
        let rule = notice.rule
        let day = UTCTime(seconds: Int(rule.expires) - 1).text.prefix(10)
        let covered = "\(notice.findings) findings in \(notice.images) images"
        let (title, what) =
            switch notice.cause {
            case .expiresSoon: ("Suppression Ends Soon", "ends after \(day) and covers \(covered) now")
            case .expired: ("Suppression Ended", "ended after \(day); \(covered) that it covered stand open")
            case .matchesNothing: ("Suppression Without Effect", "matches nothing that is stored: remove or correct it")
            }
        return [title, "\(ChatText.escaped(rule.description)): \(what)", "reason: \(ChatText.escaped(rule.reason))"]
    }

    static func name(of account: AccountID, _ name: String?) -> String {
        name.map { "\(ChatText.escaped($0)) (\(account))" } ?? account.rawValue
    }

    static func words(_ coverage: Coverage) -> String {
        let state = coverage.state.rawValue.split(separator: "_").joined(separator: " ")
        return coverage.reason.map { "\(state) (\(ChatText.escaped($0)))" } ?? state
    }

    /// `3 CRITICAL, 12 HIGH`, worst first.
    static func numbers(_ counts: [Severity: Int]) -> String {
        guard !counts.isEmpty else { return "no findings" }
        return counts.sorted { $0.key > $1.key }.map { "\($0.value) \(ChatText.escaped($0.key.rawValue))" }
            .joined(separator: ", ")
    }
}

/// The changes that share a line: the same kind of change at the same severity.
private struct Group: Hashable {
    let verb: String
    let severity: String
    let rank: Int

    init(_ change: FindingChange) {
        let order: Int
        switch change {
        case .opened: (verb, order) = ("New", 3)
        case .severityChanged: (verb, order) = ("Now", 2)
        case .fixBecameAvailable: (verb, order) = ("Fix available for", 1)
        case .resolved: (verb, order) = ("Removed", 0)
        }
        severity = ChatText.escaped(change.finding.severity.rawValue)
        rank = order * 10 + change.finding.severity.rank
    }
}

extension ImageChange.Cause {
    fileprivate var isLoss: Bool { if case .coverageLost = self { true } else { false } }
}
