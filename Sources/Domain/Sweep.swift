/// What a sweep does with every image.
package enum SweepKind: String, Hashable, Sendable, CaseIterable {
    /// Starts the scans that are due.
    case scan
    /// Reads findings.
    case collect
}

/// Names one pass of discovery: its kind, then its schedule slot or what made it unique, such as
/// `collect-20261123T090000Z`.
///
/// A slot's second run has the same name, so that it enqueues nothing twice.
package struct SweepID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    /// Wraps a name read from the queue.
    package init(rawValue: String) { self.rawValue = rawValue }

    /// Names the sweep of `kind` that `slot` distinguishes; `slot` has neither white space nor colons.
    package init(kind: SweepKind, slot: String) { self.init(rawValue: "\(kind.rawValue)-\(slot)") }

    /// The kind that the name begins with; nil for a name that is none of ours.
    package var kind: SweepKind? {
        rawValue.split(separator: "-", maxSplits: 1).first.flatMap { SweepKind(rawValue: String($0)) }
    }

    /// Names a sweep that a person starts at that time.
    package static func adHoc(_ kind: SweepKind, at time: String) -> SweepID {
        SweepID(kind: kind, slot: adHocMark + time)
    }

    /// Whether a person started it, perhaps for one repository only.
    package var isAdHoc: Bool { kind.map { rawValue.hasPrefix("\($0.rawValue)-\(Self.adHocMark)") } ?? false }

    private static let adHocMark = "now."

    package var description: String { rawValue }
}

/// One repository's share of a sweep.
package struct ScanJob: Hashable, Sendable {
    package var sweep: SweepID
    package var repository: RepositoryReference

    /// Describes the work on one repository.
    package init(sweep: SweepID, repository: RepositoryReference) {
        self.sweep = sweep
        self.repository = repository
    }

    /// What AWS throttles together, in the queue's spelling.
    package var bucket: String { repository.registry.bucket }

    /// The job's name within its sweep.
    package var payload: String { repository.description }

    /// Reads a payload back; nil when it does not have its form.
    package init?(sweep: SweepID, payload: String) {
        guard let repository = RepositoryReference(payload), repository.registry.account.isValid else { return nil }
        self.init(sweep: sweep, repository: repository)
    }
}
