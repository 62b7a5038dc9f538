internal import AWSCore
internal import Domain
internal import RegistryAccess
internal import Support

/// What an error of a call about one image keeps from being known of it; other errors are the whole repository's.
enum ImageReadFailure: Hashable, Sendable {
    /// Another call ends the same way.
    case lasting(Coverage)
    /// Another call may help. Where `mayBeShared`, the service itself may be failing rather than this image's answers.
    case passing(Coverage, mayBeShared: Bool)

    /// What is said of the image where nothing helps.
    var coverage: Coverage {
        switch self {
        case .lasting(let coverage), .passing(let coverage, _): coverage
        }
    }

    /// Nil for what says nothing of the image: a want of quota, a refusal, a repository that is gone.
    init?(_ error: any Error) {
        let failed = Coverage(.failed, reason: AccessFailure.reason(error))
        if error is FindingReader.Unsettled {
            self = .passing(failed, mayBeShared: false)
            return
        }
        guard !(error is CancellationError), !(error is CredentialsError) else { return nil }
        if let answer = error as? AWSServiceError {
            guard answer.isOfImage else { return nil }
        } else if !error.dispositionOrPermanent.isRetryable {
            // Redis that refuses the limiter, a certificate that is not trusted: ECR has said nothing.
            return nil
        }
        switch AccessFailure(error) {
        case .lasting(let coverage) where coverage.state == .failed: self = .lasting(coverage)
        case .lasting, .passing(.throttled): return nil
        case .passing: self = .passing(failed, mayBeShared: true)
        }
    }
}

extension AWSServiceError {
    /// Whether the answer may be about the image: neither about who asks, nor about the repository.
    fileprivate var isOfImage: Bool {
        operation != "AssumeRole" && !isExpiredToken && !isAboutSignature && code != .repositoryNotFound
    }
}
