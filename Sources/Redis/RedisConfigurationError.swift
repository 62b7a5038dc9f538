/// The fault in a Redis URL.
///
/// No case carries any of its text, since a mistyped URL may show its password anywhere.
package enum RedisConfigurationError: Error, Hashable, Sendable {
    case unknownScheme
    case missingHost
    case invalidPort
    case missingPassword
    case invalidPercentEncoding
    case invalidDatabase
    case missingSocketPath
    case socketPathTooLong
    case unknownParameter
}

extension RedisConfigurationError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownScheme: "it must begin with redis://, rediss:// or unix://"
        case .missingHost: "it names no host; \(Self.hint)"
        case .invalidPort: "its port is not a number from 1 to 65535; \(Self.hint)"
        case .missingPassword: "it names a user without a password: write user:password@ or :password@"
        case .invalidPercentEncoding: "a % in its user or password is not followed by two hexadecimal digits"
        case .invalidDatabase: "its database is not a number from 0 on"
        case .missingSocketPath: "unix:// needs the absolute path of a socket"
        case .socketPathTooLong: "the path of its socket has more than 107 bytes"
        case .unknownParameter: "it has parameters other than a unix socket's db; \(Self.hint)"
        }
    }

    private static let hint = "the characters / ? # @ : and % of a user or password must be percent-encoded"
}
