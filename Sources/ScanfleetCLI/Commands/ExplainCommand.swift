internal import ArgumentParser
internal import Domain
internal import FindingStore
internal import FleetRoles
internal import Notifications
internal import Support

/// `scanfleet explain`.
struct ExplainCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explains why something was announced, or was not.",
        discussion: """
            An image is named by its digest, as repository:tag or as repository@digest; anything else is taken for the id \
            of a vulnerability. Reads the store and changes nothing. Exit status 1 where nothing of that name is stored.
            """
    )
    @Argument(help: "an image or a vulnerability, such as team/app:1.0 or CVE-2026-0001") var subject: String
    @Option(help: "only this account") var account: String?
    @OptionGroup var flags: ConfigurationFlags

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        try await Preflight(assembly: assembly).check(.table)
        let inquiry = ExplainQuery(subject)
        let memory = try await MessageIndex(assembly.store)
        var explainer = Explainer(notifications: assembly.settings.notifications, memory: memory, inquiry: inquiry)
        for account in try await assembly.store.accounts().map(\.account) {
            explainer.units[account.id] = account.organizationalUnit
        }
        explainer.rules = try await assembly.store.ruleMemory()
        let summarised = Set(
            try await assembly.store.baselines().flatMap { marker in
                marker.regions.map { Registry(account: marker.account, region: $0) }
            }
        )
        for registry in try await assembly.store.registries().map(\.registry)
        where account == nil || registry.account.rawValue == account {
            try await explainer.look(at: registry, in: assembly.store, isSummarised: summarised.contains(registry))
        }
        explainer.lookBack(account: account)
        for line in explainer.lines { print(line.printable) }
        if explainer.lines.isEmpty { print("nothing of that name is stored: \(subject.printable)") }
        return explainer.lines.isEmpty ? .failure : .success
    }
}

/// The subject of the question: a vulnerability or an image.
struct ExplainQuery {
    private let text: String
    /// The vulnerability's id; nil when the question is about an image.
    let vulnerability: String?

    init(_ text: String) {
        self.text = text
        vulnerability = text.contains(":") || text.contains("@") ? nil : text
    }

    func names(_ image: Image) -> Bool {
        let (place, name) = (image.place, image.place.repository.name.rawValue)
        if vulnerability != nil { return true }
        return [place.digest.rawValue, "\(name)@\(place.digest)", place.description].contains(text)
            || image.tags.contains { "\(name):\($0)" == text }
    }

    /// Whether the question is about this delivered change, even if its image or finding is gone.
    func names(_ announced: DeliveredChange) -> Bool {
        if let vulnerability { return announced.vulnerability == vulnerability }
        return names(Image(place: announced.place, tags: announced.tags, pushedAt: nil))
    }

    func names(_ finding: Finding) -> Bool { vulnerability == nil || finding.key.vulnerability == vulnerability }
}

/// The newest message, and the pending change records, by image and vulnerability.
struct MessageIndex {
    struct Key: Hashable {
        var place: ImageReference
        var vulnerability: String?
    }

    /// The last message that announced each, and whether it was delivered.
    private(set) var messages: [Key: Explanation] = [:]
    /// The change that this message announced.
    private(set) var announced: [Key: DeliveredChange] = [:]
    private(set) var noted: [Key: Double] = [:]
    /// The id of this message; ids grow, so the greatest is the last.
    private var ids: [Key: String] = [:]

    /// Creates an empty index, for tests.
    init() {}

    init(_ store: FindingStore) async throws {
        for deliveryState in DeliveryState.allCases {
            try await store.forEachMessage(on: deliveryState) { try add($0, on: deliveryState, settledAt: $1) }
        }
        for note in try await store.pendingNotes() {
            noted[Key(place: note.place, vulnerability: nil)] = note.at
            for change in note.image.changes {
                noted[Key(place: note.place, vulnerability: change.finding.key.vulnerability)] = note.at
            }
        }
    }

    /// Adds a message in its delivery state; messages may come in any order.
    mutating func add(_ message: OutboxMessage, on deliveryState: DeliveryState, settledAt: Double?) throws {
        let what: Explanation =
            switch deliveryState {
            case .outbox: .waits(message.id, room: message.room, since: message.at)
            case .sent: .announced(message.id, room: message.room, at: settledAt)
            case .refused: .refused(message.id, room: message.room)
            }
        for change in try DeliveredChange.all(in: message) {
            let key = Key(place: change.place, vulnerability: change.vulnerability)
            guard ids[key, default: ""] <= message.id else { continue }
            ids[key] = message.id
            messages[key] = what
            announced[key] = change
        }
    }
}

/// Builds the answer, image by image.
struct Explainer {
    let notifications: Settings.Notifications
    let memory: MessageIndex
    let inquiry: ExplainQuery
    /// The path of each account's organizational unit; an account is missing when its path is unknown.
    var units: [AccountID: String] = [:]
    /// The suppressions and severities that were in force before.
    var rules: RuleHistory?
    private(set) var lines: [String] = []
    private var explained: Set<MessageIndex.Key> = []

    init(notifications: Settings.Notifications, memory: MessageIndex, inquiry: ExplainQuery) {
        self.notifications = notifications
        self.memory = memory
        self.inquiry = inquiry
    }

    mutating func look(at registry: Registry, in store: FindingStore, isSummarised: Bool) async throws {
        var announced: [ImageReference: AnnouncedImage] = [:]
        for try await image in store.announced(in: registry) where inquiry.names(image.image) {
            if inquiry.vulnerability == nil || image.findings.contains(where: inquiry.names) {
                announced[image.place] = image
            }
        }
        for try await image in store.images(in: registry) where inquiry.names(image.status.image) {
            let known = announced.removeValue(forKey: image.place)
            explain(image.status, announced: known, isSummarised: isSummarised)
        }
        for gone in announced.values.sorted(by: { $0.place.description < $1.place.description }) {
            lines.append("\(Self.name(gone.image)): gone since, and noticed with the next look")
        }
    }

    private mutating func explain(_ image: ImageStatus, announced: AnnouncedImage?, isSummarised: Bool) {
        let known = image.coverage.isJudged ? image.findings : announced?.findings ?? []
        let findings = known.filter(inquiry.names)
        if inquiry.vulnerability == nil {
            let key = MessageIndex.Key(place: image.image.place, vulnerability: nil)
            explained.insert(key)
            let about = memory.messages[key]
            lines.append(
                "\(Self.name(image.image)): \(image.coverage.line), \(findings.count) findings\(Self.text(about))"
            )
        }
        let announcedKeys = Set(announced?.findings.map(\.key) ?? [])
        for finding in findings {
            var evidence = Explanation.Evidence(finding: finding, place: image.image.place)
            let key = MessageIndex.Key(place: image.image.place, vulnerability: finding.key.vulnerability)
            explained.insert(key)
            evidence.rules = rules
            evidence.stored = image
            evidence.isAnnounced = announcedKeys.contains(finding.key)
            evidence.isSummarised = isSummarised
            evidence.message = memory.messages[key]
            evidence.notedAt = memory.noted[key]
            append(evidence, of: image.image)
        }
    }

    /// Adds announced changes whose image is gone, or whose finding was fixed, so that neither is stored any more.
    mutating func lookBack(account: String?) {
        let gone = memory.announced.filter { key, announced in
            !explained.contains(key) && inquiry.names(announced)
                && (account == nil || key.place.repository.registry.account.rawValue == account)
        }
        lines += gone.map { key, announced in
            let image = Image(place: key.place, tags: announced.tags, pushedAt: nil)
            let what = "\(key.vulnerability.map { $0 + " " } ?? "")\(announced.what)"
            let message = Self.text(memory.messages[key])
            return "\(Self.name(image)): not there any more; the last word was \(what)\(message)"
        }.sorted()
    }

    private mutating func append(_ evidence: Explanation.Evidence, of image: Image) {
        let repository = evidence.place.repository
        let explanation = Explanation(
            evidence,
            threshold: notifications.severity,
            suppressions: notifications.suppressions,
            room: notifications.routes.room(for: repository, unit: units[repository.registry.account]),
            at: Assembly.now()
        )
        let finding = evidence.finding
        let name = "\(finding.key.vulnerability) \(finding.severity) \(finding.key.package) \(finding.key.version)"
        lines.append("\(Self.name(image)): \(name): \(explanation.text)")
    }

    private static func name(_ image: Image) -> String {
        let tag = image.tags.first.map { ":\($0)" } ?? ""
        return "\(image.place.repository)\(tag)@\(image.place.digest.rawValue.prefix(19))"
    }

    private static func text(_ explanation: Explanation?) -> String { explanation.map { "; \($0.text)" } ?? "" }
}

extension Explanation {
    /// The explanation in one line.
    var text: String {
        switch self {
        case .announced(let id, let room, let at):
            "announced in \(room)\(at.map { " at \(Self.time($0))" } ?? ""), message \(id)"
        case .refused(let id, let room): "not announced: \(room) refused message \(id) for its content"
        case .waits(let id, let room, let since):
            "not announced yet: message \(id) has waited for \(room) since \(Self.time(since))"
        case .noted(let since): "not announced yet: noted at \(Self.time(since)), and gathered with other changes"
        case .belowSeverity(let threshold): "not announced: milder than \(threshold) (SCANFLEET_NOTIFY_SEVERITY)"
        case .suppressed(let rule):
            "not announced: suppressed until \(Self.time(rule.expires)) by \(rule) (\(rule.reason))"
        case .wasSuppressed(let rule, let until):
            """
            \(Self.announcedBefore), unless it came before \(Self.time(until)), when \(rule) (\(rule.reason)) kept it from being announced: \
            then counted at the rule's end
            """
        case .wasBelowSeverity(let threshold, let until):
            """
            \(Self.announcedBefore), unless it came before \(Self.time(until)), when only \(threshold) and worse was announced: \
            then counted when that changed
            """
        case .registryNotSummarised:
            "not announced yet: part of the account's first summary, after its first collect sweep"
        case .inSummary: Self.announcedBefore
        case .notCompared: "not announced yet: stored, and not compared with what was announced"
        case .lastKnown(let coverage): "last known, and not judged now: \(coverage.line)"
        case .noChatConfigured: "not announced: there is no chat (SCANFLEET_HUBOT_URL)"
        }
    }

    /// The answer when no retained message mentions the finding.
    private static let announcedBefore = "announced in the account's first summary, or more than 30 days ago"

    private static func time(_ seconds: Double) -> String { UTCTime(seconds: Int(seconds)).text + "Z" }
}
