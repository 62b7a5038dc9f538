/// Who signed a call.
struct Caller: Sendable, Hashable {
    var account: String
    var arn: String
    var userID: String
}

/// What an access key unlocks.
struct AccessKey: Sendable {
    var caller: Caller
    var secret: String
    /// The session's token; nil for the management account's lasting key.
    var token: String?
    /// When the session ends, in seconds since 1970.
    var expiration: Double?
}
