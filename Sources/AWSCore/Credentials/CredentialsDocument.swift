internal import FoundationEssentials
internal import Support

/// The JSON in which container agents, instance metadata and credential processes give keys.
struct CredentialsDocument: Decodable {
    private var accessKeyID: String?
    private var secretAccessKey: String?
    private var token: String?
    private var expiration: String?
    /// The format's version; a credential process must give 1.
    private(set) var version: Int?
    private var code: String?
    private var message: String?

    private enum CodingKeys: String, CodingKey {
        case accessKeyID = "AccessKeyId"
        case secretAccessKey = "SecretAccessKey"
        case token = "Token"
        case sessionToken = "SessionToken"
        case expiration = "Expiration"
        case version = "Version"
        case code = "Code"
        case lowerCode = "code"
        case message = "Message"
        case lowerMessage = "message"
    }

    /// A member of another type than documented counts as absent; `credentials` reports the first absent one by name.
    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        let text = { (key: CodingKeys) in try? members.decode(String.self, forKey: key) }
        accessKeyID = text(.accessKeyID)
        secretAccessKey = text(.secretAccessKey)
        token = text(.token) ?? text(.sessionToken)
        expiration = text(.expiration)
        version = try? members.decode(Int.self, forKey: .version)
        code = text(.code) ?? text(.lowerCode)
        message = text(.message) ?? text(.lowerMessage)
    }

    /// Reads an answer; errors name its `origin`, such as `the agent`, and quote nothing, since keys may be in it.
    init(_ body: [UInt8], from origin: String) throws(CredentialsError) {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(body))
        } catch {
            throw CredentialsError("\(origin) gave no JSON object", disposition: .transient)
        }
    }

    /// The keys; with `isSession`, a missing token or expiration is an error.
    func credentials(from origin: String, isSession: Bool) throws(CredentialsError) -> Credentials {
        let missing = { (name: String) in
            CredentialsError("\(origin) gave no \(name)\(complaint.map { ": \($0)" } ?? "")", disposition: .transient)
        }
        guard let id = accessKeyID, !id.isEmpty else { throw missing("AccessKeyId") }
        guard let secret = secretAccessKey, !secret.isEmpty else { throw missing("SecretAccessKey") }
        if isSession && token == nil { throw missing("Token") }
        if isSession && expiration == nil { throw missing("Expiration") }
        let end = expiration.flatMap(Timestamp.seconds)
        if expiration != nil && end == nil { throw missing("Expiration that is a time") }
        return Credentials(
            accessKeyID: id,
            secretAccessKey: Secret(secret),
            sessionToken: token.map(Secret.init),
            expiration: end
        )
    }

    /// The error in place of keys, such as `AssumeRoleUnauthorizedAccess: EC2 cannot assume the role`.
    var complaint: String? {
        guard let code, code != "Success" else { return nil }
        let text = message.map { "\(code): \($0)" } ?? code
        return String(text.map { $0.isNewline ? " " : $0 }.prefix(300))
    }
}
