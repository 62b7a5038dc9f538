/// AWS STS: hands out sessions of the member role, and tells who asks.
struct SecurityTokenService {
    let configuration: SimulatorConfiguration

    func answer(_ call: Call, _ organization: Organization, _ keys: inout KeyRing) throws -> Answer {
        let form = PercentEncoding.pairs(String(decoding: call.request.body, as: UTF8.self), plusIsBlank: true)
        let parameters = Dictionary(form.map { ($0.name, $0.value) }) { $1 }
        switch call.operation {
        case "AssumeRole": return respond(call, try assumeRole(call, parameters, organization, &keys))
        case "GetCallerIdentity":
            return respond(
                call,
                [
                    XMLText.element("Arn", call.caller.arn), XMLText.element("UserId", call.caller.userID),
                    XMLText.element("Account", call.caller.account),
                ]
            )
        default:
            throw ServiceFault("InvalidAction", "Could not find operation \(call.operation) for version 2011-06-15")
        }
    }

    private func respond(_ call: Call, _ result: [String]) -> Answer {
        let name = call.operation
        let metadata = XMLText.element(
            "ResponseMetadata",
            [XMLText.element("RequestId", "00000000-0000-4000-8000-000000000000")]
        )
        return .xml(
            XMLText.element(
                "\(name)Response",
                [XMLText.element("\(name)Result", result), metadata],
                attributes: " xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\""
            )
        )
    }

    private func assumeRole(
        _ call: Call,
        _ parameters: [String: String],
        _ organization: Organization,
        _ keys: inout KeyRing
    ) throws -> [String] {
        let session = parameters["RoleSessionName"] ?? ""
        let isName = session.utf8.allSatisfy { byte in
            "=,.@_-".utf8.contains(byte) || (48...57).contains(byte) || (65...90).contains(byte)
                || (97...122).contains(byte)
        }
        guard (2...64).contains(session.utf8.count), isName else { throw invalid("roleSessionName") }
        let duration = Int(parameters["DurationSeconds"] ?? "3600") ?? 0
        guard (900...43_200).contains(duration) else { throw invalid("durationSeconds") }
        let isChained = call.caller.arn.contains(":assumed-role/")
        guard !isChained || duration <= 3600 else {
            throw ServiceFault(
                "ValidationError",
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
            )
        }
        let arn = parameters["RoleArn"] ?? ""
        guard let account = account(of: arn, organization), account.obstacle == nil,
            configuration.externalID == nil || parameters["ExternalId"] == configuration.externalID
        else {
            throw ServiceFault(
                "AccessDenied",
                "User: \(call.caller.arn) is not authorized to perform: sts:AssumeRole on resource: \(arn)",
                status: 403
            )
        }
        return open(account.id, session: session, seconds: duration, call.now, &keys)
    }

    private func account(of arn: String, _ organization: Organization) -> SimulatedAccount? {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0...3] == ["arn", "aws", "iam", ""],
            parts[5] == "role/\(configuration.memberRole)"
        else {
            return nil
        }
        return organization.account(parts[4])
    }

    private func open(
        _ account: String,
        session: String,
        seconds: Int,
        _ now: Double,
        _ keys: inout KeyRing
    ) -> [String] {
        let arn = "arn:aws:sts::\(account):assumed-role/\(configuration.memberRole)/\(session)"
        let roleID = "AROASIMULATED\(account):\(session)"
        let end = now + (configuration.sessionSeconds ?? Double(seconds))
        let (id, key) = keys.open(Caller(account: account, arn: arn, userID: roleID), from: now, until: end)
        return [
            XMLText.element(
                "Credentials",
                [
                    XMLText.element("AccessKeyId", id), XMLText.element("SecretAccessKey", key.secret),
                    XMLText.element("SessionToken", key.token ?? ""),
                    XMLText.element("Expiration", Timestamp.text(end)),
                ]
            ),
            XMLText.element(
                "AssumedRoleUser",
                [XMLText.element("AssumedRoleId", roleID), XMLText.element("Arn", arn)]
            ),
        ]
    }

    private func invalid(_ name: String) -> ServiceFault {
        ServiceFault(
            "ValidationError",
            "1 validation error detected: Value at '\(name)' failed to satisfy constraint: Member must satisfy the model"
        )
    }
}
