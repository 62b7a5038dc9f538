package import Domain

/// Groups change records into notifications for each room.
///
/// It joins the records of one image, drops suppressed changes, and makes one notification of the same change in many
/// images.
package struct ChangeGrouping: Sendable {
    /// State beside the change records: account names, units and counts of open findings.
    package struct GroupingContext: Sendable {
        /// Account names; an account that the organization does not name is absent.
        package var names: [AccountID: String] = [:]
        /// Paths of the accounts' organizational units, which routes match; absent where not known.
        package var units: [AccountID: String] = [:]
        /// By room, the vulnerabilities that were announced as being in many images.
        package var widespread: [String: Set<String>] = [:]
        /// In how many images each vulnerability is open now.
        package var openFindings = OpenFindingCounts()
        /// Whether no further records are pending and every image is counted in `openFindings`.
        ///
        /// Only then does a count of zero prove that a vulnerability is gone.
        package var isComplete = true
        /// When the notifications are made, in seconds since 1970; suppressions are judged by it.
        package var now: Double = 0

        /// Begins without names, units and counts.
        package init() {}

        /// Whether no image of any room has the vulnerability any more.
        func isGone(_ vulnerability: String) -> Bool { isComplete && openFindings.count(of: vulnerability) == 0 }
    }

    /// The notifications for one room.
    package struct RoomNotifications: Hashable, Sendable {
        /// The chat's name of the room.
        package var room: String
        /// Whether change records of this room are among them; an all-clear may come without any.
        package var isOfNotes: Bool
        /// Notifications by vulnerability first, then by image.
        package var contents: [NotificationContent]
        /// The vulnerabilities announced as being in many images, after these notifications; nil where that set did not
        /// change.
        package var spread: Set<String>?
    }

    /// Decide the room of every change.
    package let routes: Routes
    /// Changes that one of these rules covers at `GroupingContext.now` are dropped.
    package let suppressions: Suppressions

    /// A change in at least this many images becomes one notification for all of them.
    package static let fewestImages = 3
    /// The most notifications by vulnerability at once; changes beyond are announced by image, in fewer messages.
    package static let mostMessages = 10

    /// Groups by these routes, without suppressed changes.
    package init(routes: Routes, suppressions: Suppressions = Suppressions()) {
        self.routes = routes
        self.suppressions = suppressions
    }

    /// The room for the notifications of a repository; nil where no chat is configured.
    package func room(of repository: RepositoryReference, _ context: GroupingContext) -> String? {
        routes.room(for: repository, unit: context.units[repository.registry.account])
    }

    /// The notifications of all rooms, sorted by room.
    package func contents(of notes: [ChangeRecord], _ context: GroupingContext) -> [RoomNotifications] {
        // Suppressed changes are dropped before records are joined: the last known findings of a removed image exclude
        // them.
        let announced = Self.joined(notes.map { unsuppressed($0, at: context.now) }).filter(\.announcesAnything)
        var rooms = Dictionary(grouping: announced) { room(of: $0.repository, context) }
        rooms[nil] = nil
        // A room also gets the all-clear if the last images belong to another room.
        for (room, spread) in context.widespread where spread.contains(where: context.isGone) {
            rooms[room] = rooms[room] ?? []
        }
        return rooms.compactMap { room, notes in
            room.map { RoomGrouping(room: $0, notes: notes, context: context).contents }
        }.sorted { $0.room < $1.room }
    }

    /// Joins the records of each image into one; an image that was removed and came back keeps several.
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

    /// The record without its suppressed changes.
    ///
    /// It is kept even if only its cause is left, because joining needs the cause.
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
    /// Whether anything is left to announce without the suppressed changes.
    fileprivate var announcesAnything: Bool {
        let isRemoved = image.cause == .removed && !image.openFindings.isEmpty
        return !image.changes.isEmpty || image.cause.isAboutCoverage || isRemoved
    }
}
