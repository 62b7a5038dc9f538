internal import Domain
internal import FindingStore

extension Aggregator {
    /// Makes messages of the notes whose time has come, and writes them into the outbox.
    func tell() async throws {
        guard try await isTimeToTell() else { return }
        var limit = settings.notesAtOnce
        var left: ChangeNote?
        while true {
            let page = try await store.notes(limit: limit, changes: settings.changesAtOnce)
            let told = page.notes.prefix { settings.quietTimes.mayTell($0.at, at: effects.now()) }
            guard let last = told.last else {
                left = page.notes.first
                break
            }
            // Images of a registry whose summary is still to come are not counted, and may have what others have no more.
            surroundings.isComplete = page.isLast && told.count == page.notes.count && desk.wanted.isEmpty
            do {
                try await tell(Array(told), through: last.id)
            } catch StoreError.tooLarge where told.count > 1 {
                // What is told together must fit into one transaction.
                limit = told.count / 2
            }
        }
        notes.didTell(leaving: left?.at)
        try await store.dropToldNotes()
    }

    private func isTimeToTell() async throws -> Bool {
        guard notes.isTimeToAsk(at: effects.now(), quietTimes: settings.quietTimes) else { return false }
        let isSweeping = try await glance().isCollecting
        return notes.isTimeToTell(at: effects.now(), isSweeping: isSweeping, window: settings.window.secondsValue)
    }

    private func tell(_ notes: [ChangeNote], through last: String) async throws {
        try await lookUp(notes.map(\.repository.registry.account))
        try await countStanding()
        if !areSpreadsKnown { surroundings.spreads = try await store.spreads() }
        areSpreadsKnown = true
        surroundings.now = effects.now()
        let rooms = grouping.news(of: notes, surroundings)
        let messages = try await post(rooms.filter(\.isOfNotes), through: last)
        effects.observe(.posted(notes: notes.count, messages: messages))
        // Each by itself, for these may be more rooms than one transaction holds, and no note asks for them.
        for room in rooms where !room.isOfNotes { _ = try await post([room], through: nil) }
    }

    /// Writes rooms' news and what it settles together.
    ///
    /// - Returns: how many messages it takes.
    private func post(_ rooms: [NewsGrouping.RoomNews], through last: String?) async throws -> Int {
        var posting = Posting(drafts: rooms.flatMap { effects.word($0.room, $0.news) })
        posting.told = last
        for room in rooms { posting.spreads[room.room] = room.spread }
        do { try await post(posting) } catch {
            // Whether it was written is not known.
            areSpreadsKnown = false
            throw error
        }
        for room in rooms where room.spread != nil { surroundings.spreads[room.room] = room.spread }
        return posting.drafts.count
    }

    func post(_ posting: Posting) async throws {
        let messages = try await store.post(posting)
        if !messages.isEmpty { await effects.didPost(messages) }
    }

    /// The words for news of a whole account; none where there is no chat.
    func word(_ news: News, for account: AccountID) -> [MessageDraft] {
        room(for: account).map { effects.word($0, [news]) } ?? []
    }

    func room(for account: AccountID) -> String? {
        settings.routes.room(for: account, unit: surroundings.units[account])
    }

    // MARK: What is known beside the notes

    /// Looks accounts up again where one is unknown, and always where routes name units, for accounts may move.
    ///
    /// One that the organization does not name stays without.
    func lookUp(_ accounts: [AccountID]) async throws {
        let isAnyUnknown = accounts.contains { surroundings.names[$0] == nil }
        guard isAnyUnknown || settings.routes.namesUnits else { return }
        var units: [AccountID: String] = [:]
        for account in try await store.accounts().map(\.account) {
            if !account.name.isEmpty { surroundings.names[account.id] = account.name }
            units[account.id] = account.organizationalUnit
        }
        guard units != surroundings.units else { return }
        surroundings.units = units
        // What was counted for a room may stand in another now.
        isStandingKnown = false
    }

    /// Counts in how many images everything stands, unless that is known.
    private func countStanding() async throws {
        guard !isStandingKnown, settings.routes.commonRoom != nil else { return }
        surroundings.standing = StandingFindings()
        for registry in desk.registries {
            for try await image in store.announced(in: registry) { count([], image.findings, at: image.place) }
        }
        isStandingKnown = true
    }

    /// Keeps the count while images change.
    func count(_ tellings: [Telling]) {
        guard isStandingKnown else { return }
        for telling in tellings {
            guard let place = telling.place else { continue }
            count(telling.replaced?.findings ?? [], telling.findings, at: place)
        }
    }

    private func count(_ before: [Finding], _ after: [Finding], at place: ImagePlace) {
        guard let room = grouping.room(of: place.repository, surroundings) else { return }
        surroundings.standing.replace(before, by: after, in: room)
    }
}

extension Telling {
    fileprivate var place: ImagePlace? {
        if case .write(let image) = update { image.place } else { replaced?.place }
    }

    fileprivate var findings: [Finding] { if case .write(let image) = update { image.findings } else { [] } }
}
