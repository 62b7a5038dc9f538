/// The meaning of an AWS error code, the same for every service; one code may have several meanings.
package struct AWSErrorMeaning: OptionSet, Hashable, Sendable {
    package let rawValue: Int

    /// Joins the meanings whose bits are set.
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// The caller has to slow down.
    package static let throttled = Self(rawValue: 1 << 0)
    /// The service timed out; another attempt may succeed.
    package static let timedOut = Self(rawValue: 1 << 1)
    /// The credentials have expired.
    package static let expired = Self(rawValue: 1 << 2)
    /// The service does not know the keys, for example after a role was deleted and created again.
    package static let unknownKeys = Self(rawValue: 1 << 3)
    /// The keys or the signature are refused; this says nothing about permissions.
    package static let signature = Self(rawValue: 1 << 4)
    /// The request may be refused because the time in its signature is wrong.
    package static let clockSkew = Self(rawValue: 1 << 5)
    /// A permission is missing.
    package static let accessDenied = Self(rawValue: 1 << 6)
    /// A region that the account has not opted into answers so, even to valid credentials.
    package static let regionOff = Self(rawValue: 1 << 7)
    /// The page token may be refused; services have no common code for that, and another parameter may be at fault.
    ///
    /// A token expires with age, and with the resource that it was issued for.
    package static let pageToken = Self(rawValue: 1 << 8)
    /// The object's version is not the one that a conditional write requires.
    package static let failedCondition = Self(rawValue: 1 << 9)
}

extension AWSServiceError.Code {
    /// The meanings of the code; empty for a code that the table does not have.
    package var meaning: AWSErrorMeaning { Self.meanings[rawValue, default: []] }

    /// The only table of error codes; its throttles and time-outs are botocore's standard lists (ops/design/aws.md §4.8).
    private static let meanings: [String: AWSErrorMeaning] = [
        "Throttling": .throttled,
        "ThrottlingException": .throttled,
        "ThrottledException": .throttled,
        "RequestThrottled": .throttled,
        "RequestThrottledException": .throttled,
        "TooManyRequestsException": .throttled,
        "ProvisionedThroughputExceededException": .throttled,
        "TransactionInProgressException": .throttled,
        "RequestLimitExceeded": .throttled,
        "BandwidthLimitExceeded": .throttled,
        "LimitExceededException": .throttled,
        "SlowDown": .throttled,
        "EC2ThrottledException": .throttled,

        "RequestTimeout": .timedOut,
        "RequestTimeoutException": .timedOut,
        "PriorRequestNotComplete": .timedOut,
        "IDPCommunicationError": .timedOut,

        "ExpiredToken": .expired,
        "ExpiredTokenException": .expired,
        "TokenRefreshRequired": .expired,
        "RequestExpired": [.expired, .clockSkew],

        "UnrecognizedClientException": [.unknownKeys, .signature, .regionOff],
        "InvalidClientTokenId": [.unknownKeys, .signature, .regionOff],
        "InvalidAccessKeyId": [.unknownKeys, .signature],
        "SignatureDoesNotMatch": [.signature, .clockSkew],
        "InvalidSignatureException": [.signature, .clockSkew],
        "IncompleteSignature": .signature,
        "MissingAuthenticationTokenException": .signature,

        "RequestTimeTooSkewed": .clockSkew,
        "RequestInTheFuture": .clockSkew,
        "AuthFailure": [.clockSkew, .regionOff],
        "RegionDisabledException": .regionOff,

        "AccessDenied": .accessDenied,
        "AccessDeniedException": .accessDenied,
        "UnauthorizedOperation": .accessDenied,
        "NotAuthorized": .accessDenied,

        "InvalidParameterException": .pageToken,
        "InvalidNextTokenException": .pageToken,
        "ExpiredNextTokenException": .pageToken,
        "InvalidInputException": .pageToken,
        "InvalidPaginationTokenException": .pageToken,
        "ValidationException": .pageToken,

        "PreconditionFailed": .failedCondition,
        "ConditionalRequestConflict": .failedCondition,
        "NoSuchKey": .failedCondition,
    ]
}

/// Codes by which the callers of one operation recognise an expected answer.
extension AWSServiceError.Code {
    /// DynamoDB: the condition of a single write does not hold.
    package static let conditionalCheckFailed = Self(rawValue: "ConditionalCheckFailedException")
    /// DynamoDB: no action of a transaction took effect; the reasons say why.
    package static let transactionCanceled = Self(rawValue: "TransactionCanceledException")
    /// DynamoDB: a table of that name is there already.
    package static let resourceInUse = Self(rawValue: "ResourceInUseException")
    /// DynamoDB and its streams: there is no such table, stream or shard.
    package static let resourceNotFound = Self(rawValue: "ResourceNotFoundException")
    /// Streams: a shard was not read on for fifteen minutes.
    package static let expiredIterator = Self(rawValue: "ExpiredIteratorException")
    /// Streams: the records are older than a day, and gone.
    package static let trimmedDataAccess = Self(rawValue: "TrimmedDataAccessException")

    /// ECR: there is no such repository.
    package static let repositoryNotFound = Self(rawValue: "RepositoryNotFoundException")
    /// ECR: there is no such image in the repository.
    package static let imageNotFound = Self(rawValue: "ImageNotFoundException")
    /// ECR: an archived image can be neither pulled nor scanned.
    package static let imageArchived = Self(rawValue: "ImageArchivedException")
    /// ECR: no scan of the image is known.
    package static let scanNotFound = Self(rawValue: "ScanNotFoundException")
    /// ECR: it cannot scan such images.
    package static let unsupportedImageType = Self(rawValue: "UnsupportedImageTypeException")
    /// ECR: a quota is used up, of the image or of the registry.
    package static let limitExceeded = Self(rawValue: "LimitExceededException")
    /// ECR: the request cannot be taken in this state of the registry.
    package static let validation = Self(rawValue: "ValidationException")

    /// Organizations: the account is in no organization.
    package static let organizationsNotInUse = Self(rawValue: "AWSOrganizationsNotInUseException")
}

extension AWSServiceError {
    /// Whether the caller lacks a permission, or its credentials are refused altogether.
    package var isAccessDenied: Bool {
        code.meaning.contains(.accessDenied)
            || status == 403 && !isExpiredToken && !isAboutSignature && !mayBeClockSkew
    }

    /// Whether fresh credentials may help.
    package var isExpiredToken: Bool { code.meaning.contains(.expired) }

    /// Whether the session may have been revoked before it expires, so that a new session may help.
    ///
    /// Either the role was deleted and created again, or its policy `AWSRevokeOlderSessions`, which the console adds to
    /// revoke sessions, denies every request of older ones.
    var mayBeRevokedSession: Bool {
        code.meaning.contains(.unknownKeys)
            || isAccessDenied && message.contains("explicit deny in an identity-based policy")
    }

    /// Whether the keys or the signature were refused, rather than an action.
    package var isAboutSignature: Bool { code.meaning.contains(.signature) }

    /// Whether the clock that dated the signature may be off.
    var mayBeClockSkew: Bool { code.meaning.contains(.clockSkew) }
}
