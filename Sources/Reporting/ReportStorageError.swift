package import Support

/// Why the report's files could not be written.
package enum ReportStorageError: Error, Hashable, Sendable {
    /// A newer leader writes here: this aggregator has lost the lead and must stop.
    case stale(own: Int, newer: Int)
    /// Another writer replaced this file since its version was read; the next report reads the versions again.
    case overtaken(String)
    /// A file changed while it was read.
    case changedWhileRead(String)
    /// A segment is damaged, missing, or was written by another version.
    case unreadable(String)
}

extension ReportStorageError: Classified {
    /// Permanent for a lost lead and an unreadable segment; the other errors go away with a retry.
    package var disposition: Disposition {
        switch self {
        case .stale, .unreadable: .permanent
        case .overtaken, .changedWhileRead: .transient
        }
    }
}

extension ReportStorageError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .stale(let own, let newer):
            "an aggregator with the number \(newer) writes the report, this one has \(own) and must stop"
        case .overtaken(let name): "\(name) was written by another since it was last read"
        case .changedWhileRead(let name): "\(name) was replaced while it was read"
        case .unreadable(let name): "\(name) is damaged, or was written by another version"
        }
    }
}
