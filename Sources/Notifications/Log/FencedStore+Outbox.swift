internal import AWSServices
internal import Domain
package import FindingStore

/// Messages to be written together with what they tell of.
package struct OutboxBatch: Hashable, Sendable {
    package var drafts: [MessageDraft]
    /// The last note that they tell of; everything up to it is told with them.
    package var told: String?
    /// The regions of an account that they summarise.
    package var marker: BaselineMarker?
    /// By room, which vulnerabilities were told as being in many images; only rooms where that changes.
    package var widespread: [String: Set<String>]
    /// What is told of accounts' places from then on.
    package var obstacles: [AnnouncedObstacles]
    /// The threshold and rules that what they tell is measured by.
    package var rules: RuleHistory?
    /// A name under which they may be written only once.
    package var once: String?

    /// Writes nothing yet.
    package init(drafts: [MessageDraft] = [], once: String? = nil) {
        self.drafts = drafts
        self.once = once
        widespread = [:]
        obstacles = []
    }
}

/// Some notes in order.
package struct ChangeRecordPage: Hashable, Sendable {
    package var notes: [ChangeRecord]
    /// Whether no note comes after them.
    package var isLast: Bool

    /// Joins notes with what is known of those behind them.
    package init(notes: [ChangeRecord], isLast: Bool) {
        self.notes = notes
        self.isLast = isLast
    }
}

extension FencedStore {
    /// Writes messages down together with what they settle: all of it, or nothing.
    ///
    /// - Returns: the messages in order; none where `once` was written before.
    /// - Throws: `StoreError.tooLarge` where one transaction cannot hold them.
    package func post(_ outboxBatch: OutboxBatch) async throws -> [OutboxMessage] {
        let messages = outboxBatch.drafts.map {
            OutboxMessage(id: nextID(), at: store.now(), room: $0.room, sections: $0.sections)
        }
        var writes = try messages.map { DynamoDB.WriteRequest.put(try MessageCodec.item(of: $0, .outbox)) }
        if let told = outboxBatch.told {
            writes.append(.put(Key.announcedRecords.item.merging(["through": .s(told)]) { own, _ in own }))
        }
        if let marker = outboxBatch.marker { writes.append(.put(Self.item(of: marker))) }
        writes += try outboxBatch.obstacles.map { .put(try ObstacleCodec.item(of: $0)) }
        if let rules = outboxBatch.rules { writes.append(.put(try RuleCodec.item(of: rules))) }
        writes += try outboxBatch.widespread.map { .put(try MessageCodec.item(of: $0.value, in: $0.key)) }
        guard writes.count <= TransactionBatches.items, TransactionBatches.size(writes) <= TransactionBatches.bytes
        else { throw StoreError.tooLarge(writes.count) }
        return try await transact(writes, once: outboxBatch.once.map(Key.announcedOnce)) ? messages : []
    }

    /// The first notes that no message tells of yet, in order: at most `limit`, and no further one once they tell of so many
    /// `changes`.
    package func notes(limit: Int, changes: Int = .max) async throws -> ChangeRecordPage {
        var (notes, weight) = ([ChangeRecord](), 0)
        for try await page in store.client.query(Key.notes, after: try await store.announcedRecords()) {
            for item in page {
                guard notes.count < limit, weight < changes else {
                    return ChangeRecordPage(notes: notes, isLast: false)
                }
                let note = try ChangeRecordCodec.note(item)
                weight += note.image.changes.count
                notes.append(note)
            }
        }
        return ChangeRecordPage(notes: notes, isLast: true)
    }

    /// Removes notes that messages tell of.
    package func deleteAnnouncedRecords() async throws {
        guard let told = try await store.announcedRecords() else { return }
        for try await page in store.client.query(Key.notes, only: ["at"]) {
            let keys = try page.map(Key.init(of:)).filter { $0.sort <= told }
            try await transact(keys.map { [.delete($0.item)] })
            if keys.count < page.count { return }
        }
    }

    // MARK: Delivery

    /// What the outbox holds, in order.
    package func pending() async throws -> [OutboxEntry] {
        var entries: [OutboxEntry] = []
        for try await page in store.client.query(Key.outbox, only: ["at", "room"]) {
            entries += try page.map(MessageCodec.entry)
        }
        return entries
    }

    /// A message of the outbox; nil where it is not there any more.
    package func message(_ id: String) async throws -> OutboxMessage? {
        try await store.client.get(.message(id, .outbox)).map(MessageCodec.message)
    }

    /// Moves a message that was accepted, or cannot ever be, out of the outbox.
    package func settle(_ message: OutboxMessage, as shelf: DeliveryState) async throws {
        var item = try MessageCodec.item(of: message, shelf)
        item["settled"] = .number(store.now())
        _ = try await transact([.delete(Key.message(message.id, .outbox).item), .put(item)], once: nil)
    }

    /// Puts several messages in the place of one.
    package func replace(_ message: OutboxMessage, by pieces: [OutboxMessage]) async throws {
        let puts = try pieces.map { DynamoDB.WriteRequest.put(try MessageCodec.item(of: $0, .outbox)) }
        _ = try await transact([.delete(Key.message(message.id, .outbox).item)] + puts, once: nil)
    }

    /// Removes messages of a shelf that were settled longer than `age` seconds ago.
    package func forget(_ shelf: DeliveryState, olderThan age: Double) async throws {
        let horizon = store.now() - age
        for try await page in store.client.query(shelf.rawValue, only: ["settled"]) {
            let old = try page.filter { try ItemReader($0).optionalDouble("settled") ?? 0 < horizon }
            try await transact(try old.map { [.delete(try Key(of: $0).item)] })
            // The oldest come first.
            if old.count < page.count { return }
        }
    }

    private static func item(of marker: BaselineMarker) -> DynamoDB.Item {
        var item = Key.marker(marker.account).item
        item["regions"] = .strings(marker.regions.map(\.rawValue).sorted())
        return item
    }
}

extension FindingStore {
    /// By room, which vulnerabilities were told as being in many images and not as gone since.
    package func widespread() async throws -> [String: Set<String>] {
        let rooms = try await items(in: Key.widespread, MessageCodec.spread)
        return Dictionary(rooms.map { ($0.room, $0.vulnerabilities) }, uniquingKeysWith: { first, _ in first })
    }

    /// Which places were told as not looked into, by account.
    package func announcedObstacles() async throws -> [AnnouncedObstacles] {
        try await items(in: Key.obstacles, ObstacleCodec.told)
    }

    /// By which threshold and rules news was told last; nil before the first time.
    package func ruleMemory() async throws -> RuleHistory? {
        try await client.get(Key.announcedRules).map(RuleCodec.memory)
    }

    /// Whether something that is told once was told.
    package func wasAnnounced(once name: String) async throws -> Bool {
        try await client.get(.announcedOnce(name)) != nil
    }

    /// The last note that messages tell of; nil before the first.
    func announcedRecords() async throws -> String? {
        try await client.get(Key.announcedRecords).map { try ItemReader($0).string("through") }
    }

    /// Notes that no message tells of yet.
    package func pendingNotes() async throws -> [ChangeRecord] {
        var notes: [ChangeRecord] = []
        for try await page in client.query(Key.notes, after: try await announcedRecords()) {
            notes += try page.map(ChangeRecordCodec.note)
        }
        return notes
    }

    /// Every message of a shelf, in order, one page in memory at a time.
    package func forEachMessage(
        on shelf: DeliveryState,
        _ body: (OutboxMessage, _ settledAt: Double?) throws -> Void
    )
        async throws
    {
        for try await page in client.query(shelf.rawValue) {
            for item in page {
                try body(try MessageCodec.message(item), try ItemReader(item).optionalDouble("settled"))
            }
        }
    }
}
