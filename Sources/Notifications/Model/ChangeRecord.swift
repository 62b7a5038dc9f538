package import Domain

/// The news of one image, written down as soon as it is noticed and kept until a message that tells it is written.
package struct ChangeRecord: Hashable, Sendable {
    /// Greater than that of every note before it; empty until it is written down.
    package var id: String
    /// When it was noticed, in seconds since 1970.
    package var at: Double
    package var repository: RepositoryReference
    package var image: ImageChange

    /// Notes what is new about an image.
    package init(id: String = "", at: Double, repository: RepositoryReference, image: ImageChange) {
        self.id = id
        self.at = at
        self.repository = repository
        self.image = image
    }

    package var place: ImageReference { ImageReference(repository: repository, digest: image.digest) }
}

extension ImageChange {
    /// What two pieces of news of the same image come to: nothing, one piece, or two that must be told apart.
    package enum Joined: Hashable, Sendable {
        case nothing
        case one(ImageChange)
        case apart
    }

    /// Joins the news with what came after it, so that what came and went before anybody was told is not told.
    package func followed(by later: ImageChange) -> Joined {
        var joined = later
        switch (cause, later.cause) {
        case (.removed, _): return .apart
        case (_, .removed): return removed(by: later)
        // What was lost and regained untold was never lost for who is told, and the other way round.
        case (.coverageLost, .coverageRegained), (.coverageRegained, .coverageLost):
            joined.cause = .changed
            joined.openFindings = [:]
        case (.detected, .changed), (.coverageRegained, .changed): joined.cause = cause
        default: break
        }
        joined.changes = Self.join(changes, later.changes)
        return joined.changes.isEmpty && !joined.cause.isAboutCoverage ? .nothing : .one(joined)
    }

    /// What was opened and never told went with the image untold; what was resolved before was fixed.
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
