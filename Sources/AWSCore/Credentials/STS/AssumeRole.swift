// swift-format-ignore-file: AlwaysUseLowerCamelCase

extension STS {
    /// Starts a session of a role and returns its keys.
    package struct AssumeRole: AWSQueryOperation {
        package static var service: AWSService { STS.service }
        package static var version: String { STS.version }

        /// The role to assume; its trust policy must admit the caller.
        package var RoleArn: String
        /// 2 to 64 characters of `[\w+=,.@-]`.
        package var RoleSessionName: String
        /// Seconds, 900 to 43,200; at most 3,600 where the caller is a role's session itself.
        package var DurationSeconds: Int?
        /// 2 to 1,224 characters; the `sts:ExternalId` that the role's trust policy requires.
        package var ExternalId: String?

        /// Asks for a session.
        package init(RoleArn: String, RoleSessionName: String, DurationSeconds: Int? = nil, ExternalId: String? = nil) {
            self.RoleArn = RoleArn
            self.RoleSessionName = RoleSessionName
            self.DurationSeconds = DurationSeconds
            self.ExternalId = ExternalId
        }

        package var parameters: [(name: String, value: String)] {
            var parameters = [(name: "RoleArn", value: RoleArn), (name: "RoleSessionName", value: RoleSessionName)]
            if let DurationSeconds { parameters.append(("DurationSeconds", String(DurationSeconds))) }
            if let ExternalId { parameters.append(("ExternalId", ExternalId)) }
            return parameters
        }

        package struct Response: Sendable, Hashable {
            /// The session's keys, with token and expiration.
            package var Credentials: AWSCore.Credentials
            /// The session's own ARN, as policies and logs name it.
            package var AssumedRoleArn: String
        }

        package static func decode(_ root: XMLElement) throws -> Response {
            Response(
                Credentials: try AWSCore.Credentials(session: root, in: "AssumeRoleResult"),
                AssumedRoleArn: try root.required("AssumeRoleResult", "AssumedRoleUser", "Arn")
            )
        }
    }
}
