/// Whether a sweep starts scans or reads their results.
package enum SweepKind: String, Hashable, Sendable, CaseIterable {
    /// Starts the basic scans that are due.
    case scan
    /// Reads the findings of all images and writes them to the table.
    case collect
}

/// A sweep's name: its kind and its schedule slot, such as `collect-20261123T090000Z`.
///
/// A second run of the same slot has the same name, so it enqueues no job twice. An ad-hoc sweep has `now.` and its start
/// time in place of the slot.
package struct SweepID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    /// Wraps a name from the queue or the table unchecked.
    package init(rawValue: String) { self.rawValue = rawValue }

    /// Names the sweep of `kind` for `slot`, which must contain neither white space nor colons.
    package init(kind: SweepKind, slot: String) { self.init(rawValue: "\(kind.rawValue)-\(slot)") }

    /// The kind that the name begins with; nil for a name that scanfleet did not make.
    package var kind: SweepKind? {
        rawValue.split(separator: "-", maxSplits: 1).first.flatMap { SweepKind(rawValue: String($0)) }
    }

    /// Names a sweep that a person starts at `time`, which must contain neither white space nor colons.
    package static func adHoc(_ kind: SweepKind, at time: String) -> SweepID {
        SweepID(kind: kind, slot: adHocMark + time)
    }

    /// Whether a person started the sweep; such a sweep may cover only part of the organization.
    package var isAdHoc: Bool { kind.map { rawValue.hasPrefix("\($0.rawValue)-\(Self.adHocMark)") } ?? false }

    private static let adHocMark = "now."

    package var description: String { rawValue }
}

/// The job that handles one repository in one sweep.
package struct ScanJob: Hashable, Sendable {
    /// The sweep that the job belongs to; its kind says what the job does.
    package var sweep: SweepID
    /// The repository that the job scans or collects.
    package var repository: RepositoryReference

    /// Describes the job for `repository` in `sweep`.
    package init(sweep: SweepID, repository: RepositoryReference) {
        self.sweep = sweep
        self.repository = repository
    }

    /// The queue's rate-limit bucket: the repository's registry, as `account:region`.
    package var bucket: String { repository.registry.bucket }

    /// The job's text in the queue, which identifies it within its sweep: `account/region/repository`.
    package var payload: String { repository.description }

    /// Parses a payload; nil unless it is `account/region/repository` with a valid account id.
    package init?(sweep: SweepID, payload: String) {
        guard let repository = RepositoryReference(payload), repository.registry.account.isValid else { return nil }
        self.init(sweep: sweep, repository: repository)
    }
}
