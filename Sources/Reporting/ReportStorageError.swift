package import Support

/// Why the report's files could not be written.
package enum ReportStorageError: Error, Hashable, Sendable {
    /// A newer aggregator writes here: this one has lost the lead and must stop.
    case stale(own: Int, newer: Int)
    /// Another wrote this file since it was last looked at; the next report looks again.
    case overtaken(String)
    /// A file changed while it was read.
    case changedWhileRead(String)
    /// A part is not as this version writes it.
    case unreadable(String)
}

extension ReportStorageError: Classified {
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
        case .overtaken(let name): "\(name) was written by another since it was last looked at"
        case .changedWhileRead(let name): "\(name) was replaced while it was read"
        case .unreadable(let name): "\(name) is damaged, or was written by another version"
        }
    }
}
