// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore

extension STS {
    /// Tells who signs; needs no permission.
    package struct GetCallerIdentity: AWSQueryOperation {
        package static var service: AWSService { STS.service }
        package static var version: String { STS.version }
        package var parameters: [(name: String, value: String)] { [] }

        /// Asks about the caller.
        package init() {}

        package struct Response: Sendable, Hashable {
            /// The account's twelve digits.
            package var Account: String
            /// The user or the session of a role, with its name.
            package var Arn: String
            /// Unique for ever, unlike a name.
            package var UserId: String
        }

        package static func decode(_ root: XMLElement) throws -> Response {
            let result = "GetCallerIdentityResult"
            return Response(
                Account: try root.required(result, "Account"),
                Arn: try root.required(result, "Arn"),
                UserId: try root.required(result, "UserId")
            )
        }
    }
}
