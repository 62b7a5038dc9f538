internal import AWSCore
package import Domain
package import Support

/// How an error affects a place: it is recorded there, or the call is retried.
package enum AccessFailure: Sendable {
    /// Another attempt ends the same way; the coverage gives the user the reason.
    case permanent(Coverage)
    /// Another attempt may help.
    case retryable(Disposition)

    /// Classifies an error of a call about one place.
    ///
    /// `isRegionOn` says that the account itself lists the region as enabled. A session refused there proves nothing
    /// about the region and is retried with a new session.
    package init(_ error: any Error, isRegionOn: Bool = false) {
        guard let error = error as? AWSServiceError else {
            let disposition = error.dispositionOrPermanent
            self = disposition.isRetryable ? .retryable(disposition) : .permanent(Coverage(.failed, reason: "\(error)"))
            return
        }
        if error.code.meaning.contains(.regionOff) {
            let off = "the region is switched off for the account (\(error.code.rawValue))"
            self = isRegionOn ? .retryable(.transient) : .permanent(Coverage(.regionOff, reason: off))
        } else if error.isAccessDenied {
            self = .permanent(Coverage(.accessDenied, reason: "\(error.operation) is denied: \(error.message)"))
        } else if error.disposition.isRetryable {
            self = .retryable(error.disposition)
        } else {
            self = .permanent(Coverage(.failed, reason: Self.reason(error)))
        }
    }

    /// The coverage to record once no attempt is left: throttled for a quota, failed for a failing service.
    package func coverage(for error: any Error) -> Coverage {
        switch self {
        case .permanent(let coverage): coverage
        case .retryable(.throttled): Coverage(.throttled, reason: Self.reason(error))
        case .retryable: Coverage(.failed, reason: Self.reason(error))
        }
    }

    /// The error as text without its request id, which would make the same failure look like a change in every sweep.
    package static func reason(_ error: any Error) -> String {
        guard var answer = error as? AWSServiceError else { return "\(error)" }
        answer.requestID = nil
        return "\(answer)"
    }
}
