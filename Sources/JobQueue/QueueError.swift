package import Support

/// The queue refused a call, and repeating the call does not help.
package enum QueueError: Error, Hashable, Sendable {
    /// A newer leader of this role exists; the caller has to stop.
    case fenced(role: String)
    /// The sweep was never opened, or has expired.
    case unknownSweep(String)
    /// The name is empty or has white space, so no key can hold it.
    case invalidName(String)
}

extension QueueError: Classified {
    /// Permanent: no retry can succeed.
    package var disposition: Disposition { .permanent }
}

extension QueueError: CustomStringConvertible {
    /// The refusal and its remedy, for a person.
    package var description: String {
        switch self {
        case .fenced(let role): "another \(role) leads by now: stop, and stand for leader again"
        case .unknownSweep(let sweep): "there is no sweep \(sweep): it was not opened, or has expired"
        case .invalidName(let name): "\"\(name)\" cannot be a name in the queue: it is empty or has white space"
        }
    }
}

/// An attempt's lease was lost: the job runs elsewhere, is over, or was cancelled.
///
/// The attempt has to stop and must not write anything more.
package struct LeaseLost: Error, Hashable, Classified, CustomStringConvertible {
    /// The lost lease's token.
    package var token: Int

    /// Takes the token of the lost lease.
    package init(token: Int) { self.token = token }

    /// Permanent: no retry can succeed.
    package var disposition: Disposition { .permanent }
    /// The loss and its consequence, for a person.
    package var description: String { "the lease \(token) was lost: stop, the job goes on elsewhere" }
}
