internal import AWSCore
package import Domain
package import Support

/// What an error says about a place: something to write down beside it, or something to try again.
package enum AccessFailure: Sendable {
    /// Another attempt ends the same way; the coverage tells the user why.
    case lasting(Coverage)
    /// Another attempt may help.
    case passing(Disposition)

    /// Judges an error of a call that was about one place; where the account itself lists the region as enabled, a refused
    /// session says nothing of the region, and another one may be taken.
    package init(_ error: any Error, isRegionOn: Bool = false) {
        guard let error = error as? AWSServiceError else {
            let disposition = error.dispositionOrPermanent
            self = disposition.isRetryable ? .passing(disposition) : .lasting(Coverage(.failed, reason: "\(error)"))
            return
        }
        if error.code.meaning.contains(.regionOff) {
            let off = "the region is switched off for the account (\(error.code.rawValue))"
            self = isRegionOn ? .passing(.transient) : .lasting(Coverage(.regionOff, reason: off))
        } else if error.isAccessDenied {
            self = .lasting(Coverage(.accessDenied, reason: "\(error.operation) is denied: \(error.message)"))
        } else if error.disposition.isRetryable {
            self = .passing(error.disposition)
        } else {
            self = .lasting(Coverage(.failed, reason: Self.reason(error)))
        }
    }

    /// The coverage to record once no attempt is left; an obstacle that passes was a want of quota or a failing service.
    package func coverage(for error: any Error) -> Coverage {
        switch self {
        case .lasting(let coverage): coverage
        case .passing(.throttled): Coverage(.throttled, reason: Self.reason(error))
        case .passing: Coverage(.failed, reason: Self.reason(error))
        }
    }

    /// The error in words that are the same each time: a request's id would make every sweep write what it found before.
    package static func reason(_ error: any Error) -> String {
        guard var answer = error as? AWSServiceError else { return "\(error)" }
        answer.requestID = nil
        return "\(answer)"
    }
}
