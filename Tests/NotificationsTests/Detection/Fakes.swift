import ChangeFeed
import Domain
import FindingStore
import Notifications
import Support
import Synchronization

/// A store in memory: the same contract, without DynamoDB.
final class FakeStore: NotificationStore {
    struct State {
        var images: [ImageReference: StoredImage] = [:]
        var announced: [ImageReference: AnnouncedImage] = [:]
        var registries: [RegistryStatus] = []
        var accounts: [AccountStatus] = []
        var baselines: [AccountID: BaselineMarker] = [:]
        var checkpoint: StreamCheckpoint?
        var checkpointWrites = 0
        var notes: [ChangeRecord] = []
        var outbox: [OutboxMessage] = []
        var written: Set<String> = []
        var widespread: [String: Set<String>] = [:]
        var repositories: [RepositoryStatus] = []
        var obstacles: [AccountID: AnnouncedObstacles] = [:]
        var rules: RuleHistory?
        var ids = 0
        /// What a transaction holds.
        var mostDrafts = 5
        /// Thrown by the next writes, one each.
        var failures: [any Error] = []
        /// Thrown by the next writes after they took effect, one each.
        var lostAnswers: [any Error] = []
        var changed: [ImageReference] = []
        var token = 0
    }

    let state = Mutex(State())

    /// Stores an image and leaves a record in the stream, as a worker's write does.
    func put(_ status: ImageStatus) {
        state.withLock { state in
            state.token += 1
            let place = status.image.place
            state.images[place] = StoredImage(status: status, fingerprint: "\(status.hashValue)", token: state.token)
            state.changed.append(place)
            let registry = RegistryStatus(registry: place.repository.registry)
            if !state.registries.contains(registry) { state.registries.append(registry) }
        }
    }

    func remove(_ place: ImageReference) {
        state.withLock { state in
            state.images[place] = nil
            state.changed.append(place)
        }
    }

    func images(at places: [ImageReference]) -> [ImageReference: StoredImage] {
        state.withLock { state in state.images.filter { places.contains($0.key) } }
    }

    func announced(at places: [ImageReference]) -> [ImageReference: AnnouncedImage] {
        state.withLock { state in state.announced.filter { places.contains($0.key) } }
    }

    func images(in registry: Registry) -> AsyncStream<StoredImage> {
        let images = state.withLock { $0.images.values.filter { $0.place.repository.registry == registry } }
        return stream(images)
    }

    func announced(in registry: Registry) -> AsyncStream<AnnouncedImage> {
        stream(state.withLock { $0.announced.values.filter { $0.place.repository.registry == registry } })
    }

    func lead() {}

    func write(_ announcedChanges: [AnnouncedChange]) throws {
        try state.withLock { state in
            if !state.failures.isEmpty { throw state.failures.removeFirst() }
            for announcedChange in announcedChanges {
                switch announcedChange.update {
                case .write(let image): state.announced[image.place] = image
                case .forget: if let old = announcedChange.replaced { state.announced[old.place] = nil }
                }
                guard var note = announcedChange.note else { continue }
                state.ids += 1
                note.id = String(1_000_000 + state.ids)
                state.notes.append(note)
            }
            if !state.lostAnswers.isEmpty { throw state.lostAnswers.removeFirst() }
        }
    }

    func announce(_ images: [AnnouncedImage]) {
        state.withLock { state in for image in images { state.announced[image.place] = image } }
    }

    func notes(limit: Int) -> [ChangeRecord] { state.withLock { Array($0.notes.prefix(limit)) } }
    func notes(limit: Int, changes: Int) -> ChangeRecordPage {
        let all = state.withLock { $0.notes }
        var (notes, weight) = ([ChangeRecord](), 0)
        for note in all {
            guard notes.count < limit, weight < changes else { return ChangeRecordPage(notes: notes, isLast: false) }
            notes.append(note)
            weight += note.image.changes.count
        }
        return ChangeRecordPage(notes: notes, isLast: true)
    }
    func deleteAnnouncedRecords() {}
    func wasAnnounced(once name: String) -> Bool { state.withLock { $0.written.contains(name) } }
    func widespread() -> [String: Set<String>] { state.withLock { $0.widespread } }

    func post(_ outboxBatch: OutboxBatch) throws -> [OutboxMessage] {
        try state.withLock { state in
            if !state.failures.isEmpty { throw state.failures.removeFirst() }
            if let once = outboxBatch.once, !state.written.insert(once).inserted { return [] }
            if outboxBatch.drafts.count > state.mostDrafts { throw StoreError.tooLarge(outboxBatch.drafts.count) }
            let messages = outboxBatch.drafts.map { draft in
                state.ids += 1
                return OutboxMessage(id: "\(state.ids)", at: 0, room: draft.room, sections: draft.sections)
            }
            state.outbox += messages
            if let announced = outboxBatch.announced { state.notes.removeAll { $0.id <= announced } }
            if let marker = outboxBatch.marker { state.baselines[marker.account] = marker }
            for announced in outboxBatch.obstacles { state.obstacles[announced.account] = announced }
            if let rules = outboxBatch.rules { state.rules = rules }
            state.widespread.merge(outboxBatch.widespread) { _, new in new }
            if !state.lostAnswers.isEmpty { throw state.lostAnswers.removeFirst() }
            return messages
        }
    }

    func repositories(in registry: Registry) -> [RepositoryStatus] {
        state.withLock { $0.repositories.filter { $0.place.registry == registry } }
    }
    func announcedObstacles() -> [AnnouncedObstacles] { state.withLock { Array($0.obstacles.values) } }
    func ruleMemory() -> RuleHistory? { state.withLock { $0.rules } }
    func accounts() -> [AccountStatus] { state.withLock { $0.accounts } }
    func registries() -> [RegistryStatus] { state.withLock { $0.registries } }
    func baselines() -> [BaselineMarker] { state.withLock { Array($0.baselines.values) } }
    func checkpoint() -> StreamCheckpoint? { state.withLock { $0.checkpoint } }

    func put(_ checkpoint: StreamCheckpoint) {
        state.withLock { state in
            state.checkpoint = checkpoint
            state.checkpointWrites += 1
        }
    }

    private func stream<Element: Sendable>(_ elements: [Element]) -> AsyncStream<Element> {
        AsyncStream { continuation in
            for element in elements { continuation.yield(element) }
            continuation.finish()
        }
    }
}

/// The store's changes as one shard, whose sequence numbers are places in the list.
actor FakeChanges: ChangeSource {
    private let store: FakeStore
    private var position = 0
    private var announcedGap: String?

    init(_ store: FakeStore) { self.store = store }

    func lose(_ reason: String) { announcedGap = reason }

    func resume(from checkpoint: StreamCheckpoint?) {
        if case .after(let number)? = checkpoint?.shards["shard"] { position = Int(number) ?? 0 }
    }

    func next() -> StreamRound {
        let changed = store.state.withLock { $0.changed }
        let news = announcedGap == nil ? changed[position...] : []
        position = changed.count
        defer { announcedGap = nil }
        return StreamRound(
            images: Array(Set(news)),
            records: news.count,
            checkpoint: StreamCheckpoint(streamARN: "arn", shards: ["shard": .after("\(position)")]),
            gap: announcedGap,
            isCaughtUp: news.isEmpty
        )
    }
}

/// What was set in motion, and what fails on demand.
final class Sent: Sendable {
    struct State {
        var news: [NotificationContent] = []
        /// How often news was worded, a room and a piece of work at a time.
        var wordings = 0
        var reports = 0
        /// What each report was told to read.
        var reported: [ReportScope] = []
        var now: Double = 1000
        var sweeps: [SweepState] = [collected]
        var events: [String] = []
    }

    static let collected = SweepState(
        id: SweepID(kind: .collect, slot: "1"),
        total: 1,
        done: 1,
        isClosed: true,
        completedAt: 5
    )

    let state = Mutex(State())

    static let settings = AggregatorSettings(routes: Routes(defaultRoom: "security"))

    static func aggregator(_ store: FakeStore, _ sent: Sent) -> Aggregator<FakeStore, FakeChanges> {
        Aggregator(store: store, changes: FakeChanges(store), effects: sent.effects, settings: settings)
    }

    var news: [NotificationContent] { state.withLock { $0.news } }
    var imageNews: [ImageChange] {
        news.flatMap { news -> [ImageChange] in
            if case .images(let repository) = news { repository.images } else { [] }
        }
    }

    /// The clock goes on a second with every look, so that nothing waits for ever.
    var effects: AggregatorEffects {
        AggregatorEffects(
            publishReport: { changed in
                self.state.withLock { state in
                    state.reports += 1
                    state.reported.append(changed)
                }
            },
            word: { room, news in
                self.state.withLock { state in
                    state.news += news
                    state.wordings += 1
                }
                return news.map { MessageDraft(room: room, sections: [MessageSection(text: "\($0)", event: "{}")]) }
            },
            sweeps: { self.state.withLock { $0.sweeps } },
            observe: { event in self.state.withLock { $0.events.append("\(event)") } },
            sleep: { _ in try await Task.sleep(for: .milliseconds(2)) },
            now: {
                self.state.withLock { state in
                    state.now += 1
                    return state.now
                }
            }
        )
    }
}

/// A failure of the store's.
struct Refused: Classified {
    var disposition: Disposition
}

/// Images and findings by short names.
enum Sample {
    static let registry = Registry(
        account: AccountID(rawValue: "111122223333"),
        region: RegionName(rawValue: "eu-west-1")
    )

    static func place(_ name: String, repository: String = "app", in registry: Registry = registry) -> ImageReference {
        ImageReference(
            repository: RepositoryReference(registry: registry, name: RepositoryName(rawValue: repository)),
            digest: ImageDigest(rawValue: "sha256:\(name)")
        )
    }

    static func finding(_ id: String, _ severity: Severity = .high) -> Finding {
        Finding(key: Finding.Key(vulnerability: id, package: "openssl", version: "3.0"), severity: severity)
    }

    static func image(
        _ name: String,
        _ findings: [Finding],
        coverage: Coverage = Coverage(.scanned, at: 1),
        repository: String = "app",
        in registry: Registry = registry
    ) -> ImageStatus {
        let image = Image(place: place(name, repository: repository, in: registry), tags: ["v1"], pushedAt: 1)
        return ImageStatus(image: image, coverage: coverage, counts: nil, findings: findings)
    }
}
