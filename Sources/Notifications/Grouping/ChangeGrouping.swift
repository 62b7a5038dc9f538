package import Domain

/// Makes news for rooms out of notes: joins what was noted of one image, leaves out what is suppressed, and tells the same
/// change of many images once.
package struct ChangeGrouping: Sendable {
    /// What is known beside the notes.
    package struct GroupingContext: Sendable {
        package var names: [AccountID: String] = [:]
        package var units: [AccountID: String] = [:]
        /// By room, which vulnerabilities were told as being in many images.
        package var widespread: [String: Set<String>] = [:]
        /// In how many images a vulnerability stands now.
        package var openFindings = OpenFindingCounts()
        /// Whether the notes are the last ones, and what stands is known of all images: what stands now is where the notes end,
        /// so that something may be called gone.
        package var isComplete = true
        package var now: Double = 0

        /// Knows nothing yet.
        package init() {}

        /// Whether no image of any room has a vulnerability any more.
        func isGone(_ vulnerability: String) -> Bool { isComplete && openFindings.count(of: vulnerability) == 0 }
    }

    /// What one room is told.
    package struct RoomNotifications: Hashable, Sendable {
        package var room: String
        /// Whether it tells of notes; an all-clear may come without.
        package var isOfNotes: Bool
        package var contents: [NotificationContent]
        /// The vulnerabilities that are in many images after this; nil where nothing changed.
        package var spread: Set<String>?
    }

    package let routes: Routes
    package let suppressions: Suppressions

    /// A change in so many images is told once for all of them.
    package static let fewestImages = 3
    /// So many messages about vulnerabilities at once; what is beyond is told image by image, in fewer messages.
    package static let mostMessages = 10

    /// Groups for these rooms, without what is suppressed.
    package init(routes: Routes, suppressions: Suppressions = Suppressions()) {
        self.routes = routes
        self.suppressions = suppressions
    }

    /// The room that hears of a repository.
    package func room(of repository: RepositoryReference, _ context: GroupingContext) -> String? {
        routes.room(for: repository, unit: context.units[repository.registry.account])
    }

    /// The news of all rooms, sorted by room.
    package func contents(of notes: [ChangeRecord], _ context: GroupingContext) -> [RoomNotifications] {
        // Suppressed changes leave before the notes are joined: what stood of an image that went is counted without them.
        let told = Self.joined(notes.map { unsuppressed($0, at: context.now) }).filter(\.announcesAnything)
        var rooms = Dictionary(grouping: told) { room(of: $0.repository, context) }
        rooms[nil] = nil
        // A room may have been told of something whose last images are another room's.
        for (room, spread) in context.widespread where spread.contains(where: context.isGone) {
            rooms[room] = rooms[room] ?? []
        }
        return rooms.compactMap { room, notes in
            room.map { RoomGrouping(room: $0, notes: notes, context: context).contents }
        }.sorted { $0.room < $1.room }
    }

    /// At most one note for each image, except where one was removed and is there again.
    static func joined(_ notes: [ChangeRecord]) -> [ChangeRecord] {
        var order: [ImageReference] = []
        var byPlace: [ImageReference: [ChangeRecord]] = [:]
        for note in notes {
            guard var known = byPlace[note.place] else {
                order.append(note.place)
                byPlace[note.place] = [note]
                continue
            }
            if let last = known.popLast() {
                switch last.image.followed(by: note.image) {
                case .nothing: break
                case .one(let image):
                    var joined = note
                    joined.image = image
                    known.append(joined)
                case .apart: known += [last, note]
                }
            } else {
                known.append(note)
            }
            byPlace[note.place] = known
        }
        return order.flatMap { byPlace[$0] ?? [] }
    }

    /// The note without what is suppressed, which may be nothing but its occasion: that counts where notes are joined.
    private func unsuppressed(_ note: ChangeRecord, at now: Double) -> ChangeRecord {
        guard !suppressions.rules.isEmpty, !note.image.changes.isEmpty else { return note }
        var note = note
        note.image.changes.removeAll {
            suppressions.rule(for: $0.finding.key, in: note.repository, at: now) != nil
        }
        return note
    }
}

extension ChangeRecord {
    /// Whether anything is left to tell where suppressed changes are left out.
    fileprivate var announcesAnything: Bool {
        let isRemoved = image.cause == .removed && !image.openFindings.isEmpty
        return !image.changes.isEmpty || image.cause.isAboutCoverage || isRemoved
    }
}
