internal import AWSServices
internal import Domain
package import FindingStore

/// Messages and the state that belongs to them, written in one transaction.
package struct OutboxBatch: Hashable, Sendable {
    /// The messages in order; they get ids and a time when they are written.
    package var drafts: [MessageDraft]
    /// Id of the last change record that they cover; all records up to it count as announced.
    package var announced: String?
    /// The account's marker after the summary among them.
    package var marker: BaselineMarker?
    /// By room, the vulnerabilities announced as being in many images; only rooms where that set changes.
    package var widespread: [String: Set<String>]
    /// The announced obstacles of accounts after these messages.
    package var obstacles: [AnnouncedObstacles]
    /// The threshold and rules in force for these messages.
    package var rules: RuleHistory?
    /// A name under which a batch is written only once, even after a restart.
    package var once: String?

    /// Begins with messages and no other state.
    package init(drafts: [MessageDraft] = [], once: String? = nil) {
        self.drafts = drafts
        self.once = once
        widespread = [:]
        obstacles = []
    }
}

/// Some pending change records in order.
package struct ChangeRecordPage: Hashable, Sendable {
    /// The records, in the order of their ids.
    package var notes: [ChangeRecord]
    /// Whether no record comes after them.
    package var isLast: Bool

    /// Describes a page of records.
    package init(notes: [ChangeRecord], isLast: Bool) {
        self.notes = notes
        self.isLast = isLast
    }
}

extension FencedStore {
    /// Writes the messages and the state of a batch in one transaction.
    ///
    /// - Returns: the messages in order; empty if `once` was written before.
    /// - Throws: `StoreError.tooLarge` if they do not fit into one transaction.
    package func post(_ outboxBatch: OutboxBatch) async throws -> [OutboxMessage] {
        let messages = outboxBatch.drafts.map {
            OutboxMessage(id: nextID(), at: store.now(), room: $0.room, sections: $0.sections)
        }
        var writes = try messages.map { DynamoDB.WriteRequest.put(try MessageCodec.item(of: $0, .outbox)) }
        if let announced = outboxBatch.announced {
            writes.append(.put(Key.announcedRecords.item.merging(["through": .s(announced)]) { own, _ in own }))
        }
        if let marker = outboxBatch.marker { writes.append(.put(Self.item(of: marker))) }
        writes += try outboxBatch.obstacles.map { .put(try ObstacleCodec.item(of: $0)) }
        if let rules = outboxBatch.rules { writes.append(.put(try RuleCodec.item(of: rules))) }
        writes += try outboxBatch.widespread.map { .put(try MessageCodec.item(of: $0.value, in: $0.key)) }
        guard writes.count <= TransactionBatches.items, TransactionBatches.size(writes) <= TransactionBatches.bytes
        else { throw StoreError.tooLarge(writes.count) }
        return try await transact(writes, once: outboxBatch.once.map(Key.announcedOnce)) ? messages : []
    }

    /// The first pending change records, in order: at most `limit`, and none after those that reach `changes` finding
    /// changes.
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

    /// Deletes the change records that messages cover.
    package func deleteAnnouncedRecords() async throws {
        guard let announced = try await store.announcedRecords() else { return }
        for try await page in store.client.query(Key.notes, only: ["at"]) {
            let keys = try page.map(Key.init(of:)).filter { $0.sort <= announced }
            try await transact(keys.map { [.delete($0.item)] })
            if keys.count < page.count { return }
        }
    }

    // MARK: Delivery

    /// All undelivered messages, in the order of their ids.
    package func pending() async throws -> [OutboxEntry] {
        var entries: [OutboxEntry] = []
        for try await page in store.client.query(Key.outbox, only: ["at", "room"]) {
            entries += try page.map(MessageCodec.entry)
        }
        return entries
    }

    /// A message of the outbox; nil if it has left the outbox.
    package func message(_ id: String) async throws -> OutboxMessage? {
        try await store.client.get(.message(id, .outbox)).map(MessageCodec.message)
    }

    /// Moves a message that was accepted, or refused for good, out of the outbox.
    package func settle(_ message: OutboxMessage, as deliveryState: DeliveryState) async throws {
        var item = try MessageCodec.item(of: message, deliveryState)
        item["settled"] = .number(store.now())
        _ = try await transact([.delete(Key.message(message.id, .outbox).item), .put(item)], once: nil)
    }

    /// Replaces a message of the outbox by several, in one transaction.
    package func replace(_ message: OutboxMessage, by pieces: [OutboxMessage]) async throws {
        let puts = try pieces.map { DynamoDB.WriteRequest.put(try MessageCodec.item(of: $0, .outbox)) }
        _ = try await transact([.delete(Key.message(message.id, .outbox).item)] + puts, once: nil)
    }

    /// Deletes messages in this state that were settled longer than `age` seconds ago.
    package func forget(_ deliveryState: DeliveryState, olderThan age: Double) async throws {
        let horizon = store.now() - age
        for try await page in store.client.query(deliveryState.rawValue, only: ["settled"]) {
            let old = try page.filter { try ItemReader($0).optionalDouble("settled") ?? 0 < horizon }
            try await transact(try old.map { [.delete(try Key(of: $0).item)] })
            // Oldest first: all further messages are younger.
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
    /// By room, the vulnerabilities announced as being in many images and not announced as gone since.
    package func widespread() async throws -> [String: Set<String>] {
        let rooms = try await items(in: Key.widespread, MessageCodec.spread)
        return Dictionary(rooms.map { ($0.room, $0.vulnerabilities) }, uniquingKeysWith: { first, _ in first })
    }

    /// The announced obstacles, one value for each account.
    package func announcedObstacles() async throws -> [AnnouncedObstacles] {
        try await items(in: Key.obstacles, ObstacleCodec.announced)
    }

    /// The threshold and rules of the last notifications; nil before the first.
    package func ruleMemory() async throws -> RuleHistory? {
        try await client.get(Key.announcedRules).map(RuleCodec.memory)
    }

    /// Whether a batch with this once-name was written.
    package func wasAnnounced(once name: String) async throws -> Bool {
        try await client.get(.announcedOnce(name)) != nil
    }

    /// Id of the last change record that messages cover; nil before the first.
    func announcedRecords() async throws -> String? {
        try await client.get(Key.announcedRecords).map { try ItemReader($0).string("through") }
    }

    /// All change records that no message covers yet, in order.
    package func pendingNotes() async throws -> [ChangeRecord] {
        var notes: [ChangeRecord] = []
        for try await page in client.query(Key.notes, after: try await announcedRecords()) {
            notes += try page.map(ChangeRecordCodec.note)
        }
        return notes
    }

    /// Visits every message in this state, in order, with one page in memory at a time.
    package func forEachMessage(
        on deliveryState: DeliveryState,
        _ body: (OutboxMessage, _ settledAt: Double?) throws -> Void
    )
        async throws
    {
        for try await page in client.query(deliveryState.rawValue) {
            for item in page {
                try body(try MessageCodec.message(item), try ItemReader(item).optionalDouble("settled"))
            }
        }
    }
}
