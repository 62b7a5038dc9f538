import ChangeFeed
import Domain
import FindingStore
import Notifications
import Retry
import Synchronization

/// A store in memory: the same contract, without DynamoDB.
final class FakeStore: NewsStore {
    struct State {
        var images: [ImagePlace: StoredImage] = [:]
        var announced: [ImagePlace: AnnouncedImage] = [:]
        var registries: [JudgedRegistry] = []
        var accounts: [JudgedAccount] = []
        var baselines: [AccountID: BaselineMarker] = [:]
        var checkpoint: StreamCheckpoint?
        var checkpointWrites = 0
        var notes: [ChangeNote] = []
        var outbox: [OutboxMessage] = []
        var told: Set<String> = []
        var spreads: [String: Set<String>] = [:]
        var repositories: [JudgedRepository] = []
        var obstacles: [AccountID: ToldObstacles] = [:]
        var rules: RuleMemory?
        var ids = 0
        /// What a transaction holds.
        var mostDrafts = 5
        /// Thrown by the next writes, one each.
        var failures: [any Error] = []
        /// Thrown by the next writes after they took effect, one each.
        var lostAnswers: [any Error] = []
        var changed: [ImagePlace] = []
        var token = 0
    }

    let state = Mutex(State())

    /// Stores an image and leaves a record in the stream, as a worker's write does.
    func put(_ judged: JudgedImage) {
        state.withLock { state in
            state.token += 1
            let place = judged.image.place
            state.images[place] = StoredImage(judged: judged, fingerprint: "\(judged.hashValue)", token: state.token)
            state.changed.append(place)
            let registry = JudgedRegistry(registry: place.repository.registry)
            if !state.registries.contains(registry) { state.registries.append(registry) }
        }
    }

    func remove(_ place: ImagePlace) {
        state.withLock { state in
            state.images[place] = nil
            state.changed.append(place)
        }
    }

    func images(at places: [ImagePlace]) -> [ImagePlace: StoredImage] {
        state.withLock { state in state.images.filter { places.contains($0.key) } }
    }

    func announced(at places: [ImagePlace]) -> [ImagePlace: AnnouncedImage] {
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

    func write(_ tellings: [Telling]) throws {
        try state.withLock { state in
            if !state.failures.isEmpty { throw state.failures.removeFirst() }
            for telling in tellings {
                switch telling.update {
                case .write(let image): state.announced[image.place] = image
                case .forget: if let old = telling.replaced { state.announced[old.place] = nil }
                }
                guard var note = telling.note else { continue }
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

    func notes(limit: Int) -> [ChangeNote] { state.withLock { Array($0.notes.prefix(limit)) } }
    func notes(limit: Int, changes: Int) -> NotePage {
        let all = state.withLock { $0.notes }
        var (notes, weight) = ([ChangeNote](), 0)
        for note in all {
            guard notes.count < limit, weight < changes else { return NotePage(notes: notes, isLast: false) }
            notes.append(note)
            weight += note.image.changes.count
        }
        return NotePage(notes: notes, isLast: true)
    }
    func dropToldNotes() {}
    func wasTold(once name: String) -> Bool { state.withLock { $0.told.contains(name) } }
    func spreads() -> [String: Set<String>] { state.withLock { $0.spreads } }

    func post(_ posting: Posting) throws -> [OutboxMessage] {
        try state.withLock { state in
            if !state.failures.isEmpty { throw state.failures.removeFirst() }
            if let once = posting.once, !state.told.insert(once).inserted { return [] }
            if posting.drafts.count > state.mostDrafts { throw StoreError.tooLarge(posting.drafts.count) }
            let messages = posting.drafts.map { draft in
                state.ids += 1
                return OutboxMessage(id: "\(state.ids)", at: 0, room: draft.room, sections: draft.sections)
            }
            state.outbox += messages
            if let told = posting.told { state.notes.removeAll { $0.id <= told } }
            if let marker = posting.marker { state.baselines[marker.account] = marker }
            for told in posting.obstacles { state.obstacles[told.account] = told }
            if let rules = posting.rules { state.rules = rules }
            state.spreads.merge(posting.spreads) { _, new in new }
            if !state.lostAnswers.isEmpty { throw state.lostAnswers.removeFirst() }
            return messages
        }
    }

    func repositories(in registry: Registry) -> [JudgedRepository] {
        state.withLock { $0.repositories.filter { $0.place.registry == registry } }
    }
    func toldObstacles() -> [ToldObstacles] { state.withLock { Array($0.obstacles.values) } }
    func ruleMemory() -> RuleMemory? { state.withLock { $0.rules } }
    func accounts() -> [JudgedAccount] { state.withLock { $0.accounts } }
    func registries() -> [JudgedRegistry] { state.withLock { $0.registries } }
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
        var news: [News] = []
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

    static let settings = AggregatorSettings(routes: Routes(commonRoom: "security"))

    static func aggregator(_ store: FakeStore, _ sent: Sent) -> Aggregator<FakeStore, FakeChanges> {
        Aggregator(store: store, changes: FakeChanges(store), effects: sent.effects, settings: settings)
    }

    var news: [News] { state.withLock { $0.news } }
    var imageNews: [ImageNews] {
        news.flatMap { news -> [ImageNews] in
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

    static func place(_ name: String, repository: String = "app", in registry: Registry = registry) -> ImagePlace {
        ImagePlace(
            repository: RepositoryPlace(registry: registry, name: RepositoryName(rawValue: repository)),
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
    ) -> JudgedImage {
        let image = Image(place: place(name, repository: repository, in: registry), tags: ["v1"], pushedAt: 1)
        return JudgedImage(image: image, coverage: coverage, counts: nil, findings: findings)
    }
}
