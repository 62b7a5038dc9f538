internal import AWSCore
internal import Domain
internal import RegistryAccess
internal import Support

/// An error of a call that concerns one image; other errors concern the whole repository.
enum ImageReadFailure: Hashable, Sendable {
    /// Another call ends the same way.
    case permanent(Coverage)
    /// Another call may succeed. If `mayBeShared`, the service may be failing, not just this image.
    case retryable(Coverage, mayBeShared: Bool)

    /// The coverage to store for the image once no retry is left.
    var coverage: Coverage {
        switch self {
        case .permanent(let coverage), .retryable(let coverage, _): coverage
        }
    }

    /// Nil if the error does not concern the image: an exhausted quota, a denied call, a deleted repository.
    init?(_ error: any Error) {
        let failed = Coverage(.failed, reason: AccessFailure.reason(error))
        if error is FindingReader.Unsettled {
            self = .retryable(failed, mayBeShared: false)
            return
        }
        guard !(error is CancellationError), !(error is CredentialsError) else { return nil }
        if let answer = error as? AWSServiceError {
            guard answer.isOfImage else { return nil }
        } else if !error.dispositionOrPermanent.isRetryable {
            // ECR has not answered: Redis refused the limiter, or a certificate is not trusted, for example.
            return nil
        }
        switch AccessFailure(error) {
        case .permanent(let coverage) where coverage.state == .failed: self = .permanent(coverage)
        case .permanent, .retryable(.throttled): return nil
        case .retryable: self = .retryable(failed, mayBeShared: true)
        }
    }
}

extension AWSServiceError {
    /// Whether the answer may concern the image, rather than the caller or the repository.
    fileprivate var isOfImage: Bool {
        operation != "AssumeRole" && !isExpiredToken && !isAboutSignature && code != .repositoryNotFound
    }
}
