package import Domain

/// A change of one image, stored as soon as it is detected and kept until a message that covers it is written.
package struct ChangeRecord: Hashable, Sendable {
    /// Greater than the id of every earlier record; empty until the record is stored.
    package var id: String
    /// When the change was detected, in seconds since 1970.
    package var at: Double
    /// The image's repository, which decides the room.
    package var repository: RepositoryReference
    /// The change itself; a stored record may hold only a part of a very large one.
    package var image: ImageChange

    /// Describes a change of an image of `repository`.
    package init(id: String = "", at: Double, repository: RepositoryReference, image: ImageChange) {
        self.id = id
        self.at = at
        self.repository = repository
        self.image = image
    }

    /// The changed image, by which records are joined.
    package var place: ImageReference { ImageReference(repository: repository, digest: image.digest) }
}

extension ImageChange {
    /// The result of joining two changes of the same image: nothing, one change, or two that must be announced
    /// separately.
    package enum Joined: Hashable, Sendable {
        case nothing
        case one(ImageChange)
        case apart
    }

    /// Joins this change with a later one, so that a finding that came and went before an announcement is not
    /// announced.
    package func followed(by later: ImageChange) -> Joined {
        var joined = later
        switch (cause, later.cause) {
        case (.removed, _): return .apart
        case (_, .removed): return removed(by: later)
        // Lost and regained before any announcement, or the other way round: for the room nothing happened.
        case (.coverageLost, .coverageRegained), (.coverageRegained, .coverageLost):
            joined.cause = .changed
            joined.openFindings = [:]
        case (.detected, .changed), (.coverageRegained, .changed): joined.cause = cause
        default: break
        }
        joined.changes = Self.join(changes, later.changes)
        return joined.changes.isEmpty && !joined.cause.isAboutCoverage ? .nothing : .one(joined)
    }

    /// Joins this change with the image's removal.
    ///
    /// Findings opened before it were never announced and are dropped. Findings resolved before it were fixed and stay.
    private func removed(by later: ImageChange) -> Joined {
        var joined = later
        joined.changes = changes.filter { $0.kind == .resolved } + later.changes
        for change in changes where change.kind == .opened {
            let left = (joined.openFindings[change.finding.severity] ?? 0) - 1
            joined.openFindings[change.finding.severity] = left > 0 ? left : nil
        }
        return joined.changes.isEmpty && joined.openFindings.isEmpty ? .nothing : .one(joined)
    }

    private static func join(_ first: [FindingChange], _ second: [FindingChange]) -> [FindingChange] {
        var changes: [Finding.Key: FindingChange?] = [:]
        for change in first { changes[change.finding.key] = .some(change) }
        for change in second {
            guard let earlier = changes[change.finding.key] ?? nil else {
                changes[change.finding.key] = .some(change)
                continue
            }
            changes[change.finding.key] = .some(earlier.followed(by: change))
        }
        return changes.values.compactMap(\.self).sorted { $0.finding.key < $1.finding.key }
    }
}
