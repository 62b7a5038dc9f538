internal import Domain
internal import FindingStore
internal import Support

extension Aggregator {
    /// Makes messages of the notes whose time has come, and writes them into the outbox.
    func tell() async throws {
        guard try await isTimeToAnnounce() else { return }
        var limit = settings.notesAtOnce
        var left: ChangeRecord?
        while true {
            let page = try await store.notes(limit: limit, changes: settings.changesAtOnce)
            let told = page.notes.prefix { settings.muteSchedule.mayAnnounce($0.at, at: effects.now()) }
            guard let last = told.last else {
                left = page.notes.first
                break
            }
            // Images of a registry whose summary is still to come are not counted, and may have what others have no more.
            context.isComplete = page.isLast && told.count == page.notes.count && baselineTracker.wanted.isEmpty
            do {
                try await tell(Array(told), through: last.id)
            } catch StoreError.tooLarge where told.count > 1 {
                // What is told together must fit into one transaction.
                limit = told.count / 2
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

    private func tell(_ notes: [ChangeRecord], through last: String) async throws {
        try await lookUp(notes.map(\.repository.registry.account))
        try await countOpenFindings()
        if !isWidespreadKnown { context.widespread = try await store.widespread() }
        isWidespreadKnown = true
        context.now = effects.now()
        let rooms = grouping.contents(of: notes, context)
        let messages = try await post(rooms.filter(\.isOfNotes), through: last)
        effects.observe(.posted(notes: notes.count, messages: messages))
        // Each by itself, for these may be more rooms than one transaction holds, and no note asks for them.
        for room in rooms where !room.isOfNotes { _ = try await post([room], through: nil) }
    }

    /// Writes rooms' news and what it settles together.
    ///
    /// - Returns: how many messages it takes.
    private func post(_ rooms: [ChangeGrouping.RoomNotifications], through last: String?) async throws -> Int {
        var outboxBatch = OutboxBatch(drafts: rooms.flatMap { effects.word($0.room, $0.contents) })
        outboxBatch.told = last
        for room in rooms { outboxBatch.widespread[room.room] = room.spread }
        do { try await post(outboxBatch) } catch {
            // Whether it was written is not known.
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

    /// The words for news of a whole account; none where there is no chat.
    func word(_ contents: NotificationContent, for account: AccountID) -> [MessageDraft] {
        room(for: account).map { effects.word($0, [contents]) } ?? []
    }

    func room(for account: AccountID) -> String? {
        settings.routes.room(for: account, unit: context.units[account])
    }

    // MARK: What is known beside the notes

    /// Looks accounts up again where one is unknown, and always where routes name units, for accounts may move.
    ///
    /// One that the organization does not name stays without.
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
        // What was counted for a room may stand in another now.
        areOpenFindingsKnown = false
    }

    /// Counts in how many images everything stands, unless that is known.
    private func countOpenFindings() async throws {
        guard !areOpenFindingsKnown, settings.routes.defaultRoom != nil else { return }
        context.openFindings = OpenFindingCounts()
        for registry in baselineTracker.registries {
            for try await image in store.announced(in: registry) { count([], image.findings, at: image.place) }
        }
        areOpenFindingsKnown = true
    }

    /// Keeps the count while images change.
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
