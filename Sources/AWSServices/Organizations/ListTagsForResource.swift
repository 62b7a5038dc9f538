// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore

extension Organizations {
    /// Lists the tags of an account, a unit or a policy.
    package struct ListTagsForResource: AWSJSONOperation, PaginatedOperation, Encodable {
        package static var service: AWSService { Organizations.service }
        package static var json: AWSJSONProtocol { Organizations.json }

        /// Such as an account's twelve digits.
        package var ResourceId: String
        package var NextToken: String?

        /// Asks for the first page, or for the one that a token names.
        package init(ResourceId: String, NextToken: String? = nil) {
            self.ResourceId = ResourceId
            self.NextToken = NextToken
        }

        package struct Response: Decodable, Sendable, Hashable {
            /// May be empty on a page that others follow.
            package var Tags: [Tag]?
            package var NextToken: String?
        }

        package func following(_ token: String) -> Self {
            var copy = self
            copy.NextToken = token
            return copy
        }

        package static func nextToken(in page: Response) -> String? { page.NextToken }
    }

    package struct Tag: Decodable, Sendable, Hashable {
        package var Key: String?
        package var Value: String?
    }
}
