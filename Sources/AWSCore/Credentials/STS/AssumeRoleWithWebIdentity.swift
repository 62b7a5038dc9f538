// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import Support

extension STS {
    /// Starts a session of a role, proved by a token of an identity provider that the role trusts.
    package struct AssumeRoleWithWebIdentity: AWSQueryOperation {
        package static var service: AWSService { STS.service }
        package static var version: String { STS.version }
        /// False: the token proves the caller.
        package static var isSigned: Bool { false }

        /// The role to assume; its trust policy must admit the identity provider.
        package var RoleArn: String
        /// 2 to 64 characters of `[\w+=,.@-]`.
        package var RoleSessionName: String
        /// The OpenID Connect token that the provider issued to this pod.
        package var WebIdentityToken: Secret

        /// Asks for a session as long as the role allows by default, which is an hour.
        package init(RoleArn: String, RoleSessionName: String, WebIdentityToken: Secret) {
            self.RoleArn = RoleArn
            self.RoleSessionName = RoleSessionName
            self.WebIdentityToken = WebIdentityToken
        }

        package var parameters: [(name: String, value: String)] {
            [
                ("RoleArn", RoleArn), ("RoleSessionName", RoleSessionName),
                ("WebIdentityToken", WebIdentityToken.value),
            ]
        }

        package struct Response: Sendable, Hashable {
            /// The session's keys, with token and expiration.
            package var Credentials: AWSCore.Credentials
        }

        package static func decode(_ root: XMLElement) throws -> Response {
            Response(Credentials: try AWSCore.Credentials(session: root, in: "AssumeRoleWithWebIdentityResult"))
        }
    }
}
