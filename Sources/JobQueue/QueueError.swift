package import Retry

/// Why the queue refuses.
package enum QueueError: Error, Hashable, Sendable {
    /// A newer leader of this role exists; whoever was told so has to stop.
    case fenced(role: String)
    /// The sweep was never opened, or has expired.
    case unknownSweep(String)
    /// A name that a key cannot hold: empty, or with white space in it.
    case invalidName(String)
    /// A payload that its reader does not understand; the job is to be discarded.
    case undecodable(payload: String)
}

extension QueueError: Classified {
    package var disposition: Disposition { .permanent }
}

extension QueueError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .fenced(let role): "another \(role) leads by now: stop, and stand for leader again"
        case .unknownSweep(let sweep): "there is no sweep \(sweep): it was not opened, or has expired"
        case .invalidName(let name): "\"\(name)\" cannot be a name in the queue: it is empty or has white space"
        case .undecodable(let payload): "no job has the payload \"\(payload.prefix(200))\": discard it"
        }
    }
}

/// The job's lease ended: it runs elsewhere, is over, or was cancelled.
///
/// Stop, and write nothing more for it.
package struct LeaseLost: Error, Hashable, Classified, CustomStringConvertible {
    /// The lost lease's token.
    package var token: Int

    /// Names the lost lease.
    package init(token: Int) { self.token = token }

    package var disposition: Disposition { .permanent }
    package var description: String { "the lease \(token) was lost: stop, the job goes on elsewhere" }
}
