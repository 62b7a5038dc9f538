// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore

extension Organizations {
    /// Lists the tags of an account, a unit or a policy.
    package struct ListTagsForResource: AWSJSONOperation, PaginatedOperation, Encodable {
        package static var service: AWSService { Organizations.service }
        package static var json: AWSJSONProtocol { Organizations.json }

        /// Such as an account's twelve digits.
        package var ResourceId: String
        /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
        package var NextToken: String?

        /// Asks for the first page, or for the one that a token names.
        package init(ResourceId: String, NextToken: String? = nil) {
            self.ResourceId = ResourceId
            self.NextToken = NextToken
        }

        package struct Response: Decodable, Sendable, Hashable {
            /// May be empty on a page that others follow.
            package var Tags: [Tag]?
            /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
            package var NextToken: String?
        }

        package func following(_ token: String) -> Self {
            var copy = self
            copy.NextToken = token
            return copy
        }

        /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
        package static func nextToken(in page: Response) -> String? { page.NextToken }
    }

    /// A tag of an account.
    package struct Tag: Decodable, Sendable, Hashable {
        /// Up to 128 characters.
        package var Key: String?
        /// Up to 256 characters, and may be empty.
        package var Value: String?
    }
}
