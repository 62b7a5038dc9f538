internal import Domain

/// Decides which changes of one room are announced by vulnerability, and which by image.
struct RoomGrouping {
    let room: String
    let notes: [ChangeRecord]
    let context: ChangeGrouping.GroupingContext

    /// One kind of change of one vulnerability.
    private struct Subject: Hashable {
        var kind: FindingChange.Kind
        var vulnerability: String
    }

    /// Changes that happened in exactly the same images.
    private struct Cluster {
        var kind: FindingChange.Kind
        var vulnerabilities: [String]
        var notes: [Int]
        var remaining: Int?

        var weight: Int { vulnerabilities.count * notes.count }
    }

    var contents: ChangeGrouping.RoomNotifications {
        let clusters = clusters
        var announced: [Int: Set<Subject>] = [:]
        var contents: [NotificationContent] = []
        for cluster in clusters {
            contents.append(.vulnerabilities(self.contents(of: cluster)))
            let subjects = cluster.vulnerabilities.map { Subject(kind: cluster.kind, vulnerability: $0) }
            for note in cluster.notes { announced[note, default: []].formUnion(subjects) }
        }
        contents += repositories(without: announced)
        return ChangeGrouping.RoomNotifications(
            room: room,
            isOfNotes: !notes.isEmpty,
            contents: contents,
            spread: spread(after: clusters)
        )
    }

    // MARK: Vulnerabilities

    private var known: Set<String> { context.widespread[room] ?? [] }

    /// The changes to announce by vulnerability, the all-clears last.
    private var clusters: [Cluster] {
        var notesOf: [Subject: [Int]] = [:]
        for (index, note) in notes.enumerated() {
            for subject in Set(note.image.changes.map { Subject(kind: $0.kind, vulnerability: $0.id) }) {
                notesOf[subject, default: []].append(index)
            }
        }
        var clusters = merged(notesOf.filter { isWide($0.value) && !isGone($0.key) }).sorted(by: Self.comesFirst)
        clusters = Array(clusters.prefix(ChangeGrouping.mostMessages))
        return clusters + allClears(notesOf)
    }

    private func isWide(_ notes: [Int]) -> Bool {
        notes.count >= ChangeGrouping.fewestImages
            || Set(notes.map { self.notes[$0].repository.registry.account }).count > 1
    }

    private func isGone(_ subject: Subject) -> Bool {
        subject.kind == .resolved && known.contains(subject.vulnerability) && context.isGone(subject.vulnerability)
    }

    /// In how many images the most frequent of them is open.
    ///
    /// Nil if the count is zero while further records are pending: then zero is not proven.
    private func remaining(_ vulnerabilities: [String]) -> Int? {
        let left = vulnerabilities.map { context.openFindings.count(of: $0) }.max() ?? 0
        return left > 0 || context.isComplete ? left : nil
    }

    /// The vulnerabilities announced as being in many images that are in none any more, in as few clusters as possible.
    private func allClears(_ notesOf: [Subject: [Int]]) -> [Cluster] {
        let gone = known.filter(context.isGone).map { Subject(kind: .resolved, vulnerability: $0) }
        return merged(Dictionary(uniqueKeysWithValues: gone.map { ($0, notesOf[$0] ?? []) }), remaining: 0)
    }

    private func merged(_ notesOf: [Subject: [Int]], remaining: Int? = nil) -> [Cluster] {
        struct Images: Hashable {
            var kind: FindingChange.Kind
            var notes: [Int]
        }
        let same = Dictionary(grouping: notesOf) { Images(kind: $0.key.kind, notes: $0.value) }
        return same.map { images, members in
            let ids = members.map(\.key.vulnerability).sorted()
            return Cluster(
                kind: images.kind,
                vulnerabilities: ids,
                notes: images.notes,
                remaining: remaining ?? (images.kind == .resolved ? self.remaining(ids) : nil)
            )
        }.sorted(by: Self.comesFirst)
    }

    private static func comesFirst(_ left: Cluster, _ right: Cluster) -> Bool {
        if left.weight != right.weight { return left.weight > right.weight }
        return (left.vulnerabilities.first ?? "", left.kind.rawValue)
            < (right.vulnerabilities.first ?? "", right.kind.rawValue)
    }

    private func contents(of cluster: Cluster) -> VulnerabilityChange {
        let ids = Set(cluster.vulnerabilities)
        let images = cluster.notes.map { notes[$0] }.map { note in
            VulnerabilityChange.AffectedImage(
                place: note.place,
                accountName: context.names[note.repository.registry.account],
                tags: note.image.tags,
                writeToken: note.image.writeToken,
                changes: note.image.changes.filter { $0.kind == cluster.kind && ids.contains($0.id) }
            )
        }
        return VulnerabilityChange(
            kind: cluster.kind,
            vulnerabilities: cluster.vulnerabilities,
            images: images.sorted { $0.place.description < $1.place.description },
            isFurther: cluster.kind == .opened && ids.isSubset(of: known),
            remaining: cluster.remaining
        )
    }

    private func spread(after clusters: [Cluster]) -> Set<String>? {
        var spread = known.union(cameSlowly)
        for cluster in clusters {
            if cluster.kind != .resolved { spread.formUnion(cluster.vulnerabilities) }
            if cluster.remaining == 0 { spread.subtract(cluster.vulnerabilities) }
        }
        return spread == known ? nil : spread
    }

    /// Vulnerabilities that were announced image by image and are in many images by now.
    private var cameSlowly: Set<String> {
        let announced = notes.flatMap { note in note.image.changes.filter { $0.kind != .resolved }.map(\.id) }
        return Set(announced).filter {
            context.openFindings.count(of: $0, in: room) >= ChangeGrouping.fewestImages
        }
    }

    // MARK: Images

    /// The same event of whole images of a registry: removed, coverage lost or coverage regained, with state and
    /// reason.
    private struct Lapse: Hashable {
        var registry: Registry
        var cause: String
        var state: Coverage.State?
        var reason: String?

        /// Nil where the image has changed findings to announce, or its cause is neither removal nor coverage.
        init?(_ image: ImageChange, in registry: Registry) {
            guard image.changes.isEmpty, image.cause.isAboutCoverage || image.cause == .removed else {
                return nil
            }
            self.registry = registry
            cause = image.cause.word
            state = image.cause.coverage?.state
            reason = image.cause.coverage?.reason
        }

        var sortKey: String { "\(registry) \(cause) \(state?.rawValue ?? "") \(reason ?? "")" }
    }

    /// Announces the rest by image.
    ///
    /// Images of a registry with the same event become one notification where they are many; the others one per
    /// repository.
    private func repositories(without announced: [Int: Set<Subject>]) -> [NotificationContent] {
        let left = unannounced(announced)
        let bulkChanges = Dictionary(grouping: left) { Lapse($0.image, in: $0.repository.registry) }
        let wide = bulkChanges.filter { $0.key != nil && $0.value.count >= ChangeGrouping.fewestImages }
        let rest = left.filter { wide[Lapse($0.image, in: $0.repository.registry)] == nil }
        let repositories = Dictionary(grouping: rest, by: \.repository)
        return wide.sorted { ($0.key?.sortKey ?? "") < ($1.key?.sortKey ?? "") }.map {
            NotificationContent.bulkChange(bulkChange($0.value))
        }
            + repositories.sorted { $0.key.description < $1.key.description }.map { repository, notes in
                let name = context.names[repository.registry.account]
                return NotificationContent.images(
                    RepositoryChange(place: repository, accountName: name, images: notes.map(\.image))
                )
            }
    }

    private func bulkChange(_ notes: [ChangeRecord]) -> BulkImageChange {
        let registry = notes[0].repository.registry
        return BulkImageChange(
            registry: registry,
            accountName: context.names[registry.account],
            cause: notes[0].image.cause,
            images: notes.map { BulkImageChange.ChangedImage(repository: $0.repository.name, change: $0.image) }
        )
    }

    private func unannounced(_ announced: [Int: Set<Subject>]) -> [ChangeRecord] {
        notes.enumerated().compactMap { index, note in
            var note = note
            guard let announced = announced[index] else { return note }
            note.image.changes.removeAll { announced.contains(Subject(kind: $0.kind, vulnerability: $0.id)) }
            let isOver = note.image.changes.isEmpty && !note.image.cause.isAboutCoverage
            return isOver && note.image.cause != .removed ? nil : note
        }
    }
}

extension FindingChange {
    fileprivate var id: String { finding.key.vulnerability }
}
