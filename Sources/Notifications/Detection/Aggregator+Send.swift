internal import Domain
internal import FindingStore
internal import Support

extension Aggregator {
    /// Turns due change records into messages and writes these into the outbox.
    func sendChanges() async throws {
        guard try await isTimeToAnnounce() else { return }
        var limit = settings.notesAtOnce
        var left: ChangeRecord?
        while true {
            let page = try await store.notes(limit: limit, changes: settings.changesAtOnce)
            let announced = page.notes.prefix { settings.muteSchedule.mayAnnounce($0.at, at: effects.now()) }
            guard let last = announced.last else {
                left = page.notes.first
                break
            }
            // Images of a registry without a summary are not counted, but may have vulnerabilities that seem gone.
            context.isComplete = page.isLast && announced.count == page.notes.count && baselineTracker.wanted.isEmpty
            do {
                try await sendChanges(Array(announced), through: last.id)
            } catch StoreError.tooLarge where announced.count > 1 {
                // Messages of one page of records must fit into one transaction.
                limit = announced.count / 2
            }
        }
        notes.didAnnounce(leaving: left?.at)
        try await store.deleteAnnouncedRecords()
    }

    private func isTimeToAnnounce() async throws -> Bool {
        guard notes.isTimeToAsk(at: effects.now(), muteSchedule: settings.muteSchedule) else { return false }
        let isSweeping = try await sweepActivity().isCollecting
        return notes.isTimeToAnnounce(at: effects.now(), isSweeping: isSweeping, window: settings.window.inSeconds)
    }

    private func sendChanges(_ notes: [ChangeRecord], through last: String) async throws {
        try await lookUp(notes.map(\.repository.registry.account))
        try await countOpenFindings()
        if !isWidespreadKnown { context.widespread = try await store.widespread() }
        isWidespreadKnown = true
        context.now = effects.now()
        let rooms = grouping.contents(of: notes, context)
        let messages = try await post(rooms.filter(\.isOfNotes), through: last)
        effects.observe(.posted(notes: notes.count, messages: messages))
        // One by one: these rooms may be more than one transaction holds, and they depend on no record.
        for room in rooms where !room.isOfNotes { _ = try await post([room], through: nil) }
    }

    /// Writes the messages of rooms and the position up to which records are announced, in one transaction.
    ///
    /// - Returns: how many messages were written.
    private func post(_ rooms: [ChangeGrouping.RoomNotifications], through last: String?) async throws -> Int {
        var outboxBatch = OutboxBatch(drafts: rooms.flatMap { effects.word($0.room, $0.contents) })
        outboxBatch.announced = last
        for room in rooms { outboxBatch.widespread[room.room] = room.spread }
        do { try await post(outboxBatch) } catch {
            // It is unknown whether the write succeeded.
            isWidespreadKnown = false
            throw error
        }
        for room in rooms where room.spread != nil { context.widespread[room.room] = room.spread }
        return outboxBatch.drafts.count
    }

    func post(_ outboxBatch: OutboxBatch) async throws {
        let messages = try await store.post(outboxBatch)
        if !messages.isEmpty { await effects.didPost(messages) }
    }

    /// Renders a notification about a whole account; empty where no chat is configured.
    func word(_ contents: NotificationContent, for account: AccountID) -> [MessageDraft] {
        room(for: account).map { effects.word($0, [contents]) } ?? []
    }

    func room(for account: AccountID) -> String? {
        settings.routes.room(for: account, unit: context.units[account])
    }

    // MARK: Grouping context

    /// Reads the accounts' names and units if a name is unknown, and always if routes name units, because accounts may
    /// move.
    ///
    /// An account that the organization does not name has no entry.
    func lookUp(_ accounts: [AccountID]) async throws {
        let isAnyUnknown = accounts.contains { context.names[$0] == nil }
        guard isAnyUnknown || settings.routes.namesUnits else { return }
        var units: [AccountID: String] = [:]
        for account in try await store.accounts().map(\.account) {
            if !account.name.isEmpty { context.names[account.id] = account.name }
            units[account.id] = account.organizationalUnit
        }
        guard units != context.units else { return }
        context.units = units
        // Images may belong to another room now, and must be counted again.
        areOpenFindingsKnown = false
    }

    /// Counts in how many images each vulnerability is open, unless the counts are current.
    private func countOpenFindings() async throws {
        guard !areOpenFindingsKnown, settings.routes.defaultRoom != nil else { return }
        context.openFindings = OpenFindingCounts()
        for registry in baselineTracker.registries {
            for try await image in store.announced(in: registry) { count([], image.findings, at: image.place) }
        }
        areOpenFindingsKnown = true
    }

    /// Updates the counts by the changes of images.
    func count(_ announcedChanges: [AnnouncedChange]) {
        guard areOpenFindingsKnown else { return }
        for announcedChange in announcedChanges {
            guard let place = announcedChange.place else { continue }
            count(announcedChange.replaced?.findings ?? [], announcedChange.findings, at: place)
        }
    }

    private func count(_ before: [Finding], _ after: [Finding], at place: ImageReference) {
        guard let room = grouping.room(of: place.repository, context) else { return }
        context.openFindings.replace(before, by: after, in: room)
    }
}

extension AnnouncedChange {
    fileprivate var place: ImageReference? {
        if case .write(let image) = update { image.place } else { replaced?.place }
    }

    fileprivate var findings: [Finding] { if case .write(let image) = update { image.findings } else { [] } }
}
