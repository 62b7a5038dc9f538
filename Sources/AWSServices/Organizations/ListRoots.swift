// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore

extension Organizations {
    /// Lists the root of the tree of organizational units; once a second.
    package struct ListRoots: AWSJSONOperation, PaginatedOperation, Encodable {
        package static var service: AWSService { Organizations.service }
        package static var json: AWSJSONProtocol { Organizations.json }

        package var NextToken: String?

        /// Asks for the first page, or for the one that a token names.
        package init(NextToken: String? = nil) {
            self.NextToken = NextToken
        }

        package struct Response: Decodable, Sendable, Hashable {
            /// May be empty on a page that others follow.
            package var Roots: [Root]?
            package var NextToken: String?
        }

        package func following(_ token: String) -> Self {
            var copy = self
            copy.NextToken = token
            return copy
        }

        package static func nextToken(in page: Response) -> String? { page.NextToken }
    }

    package struct Root: Decodable, Sendable, Hashable {
        package var Id: String?
    }
}
