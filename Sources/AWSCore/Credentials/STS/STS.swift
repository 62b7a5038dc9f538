internal import Support

/// AWS Security Token Service; regional, because sessions of the global endpoint are not valid in every region.
///
/// The calls that give keys are here, because credentials need them; the others are with the other services' calls.
package enum STS {
    package static let service = AWSService(id: "STS", endpointPrefix: "sts", signingName: "sts")

    /// The version of the query API.
    package static let version = "2011-06-15"

    /// The most seconds that a role's session may ask for when it assumes another role ("role chaining").
    package static let longestChainedSession = 3600

    /// A valid session name (`[\w+=,.@-]{2,64}`): other characters become `-`, a text too short becomes `scanfleet`.
    package static func sessionName(_ text: String) -> String {
        let allowed = text.unicodeScalars.map { scalar in
            let isAllowed = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            return isAllowed || "_+=,.@-".unicodeScalars.contains(scalar) ? Character(scalar) : "-"
        }
        return allowed.count < 2 ? "scanfleet" : String(allowed.prefix(64))
    }
}

extension Credentials {
    /// Reads the element `Credentials` below `result`, in which STS gives a session's keys.
    init(session root: XMLElement, in result: String) throws {
        let element = "Credentials"
        let end = try root.required(result, element, "Expiration")
        guard let expiration = Timestamp.seconds(end) else { throw Timestamp.Malformed(text: end) }
        self.init(
            accessKeyID: try root.required(result, element, "AccessKeyId"),
            secretAccessKey: Secret(try root.required(result, element, "SecretAccessKey")),
            sessionToken: Secret(try root.required(result, element, "SessionToken")),
            expiration: expiration
        )
    }
}
