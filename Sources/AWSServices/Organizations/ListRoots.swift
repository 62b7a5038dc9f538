// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore

extension Organizations {
    /// Lists the root of the tree of organizational units; once a second.
    package struct ListRoots: AWSJSONOperation, PaginatedOperation, Encodable {
        package static var service: AWSService { Organizations.service }
        package static var json: AWSJSONProtocol { Organizations.json }

        /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
        package var NextToken: String?

        /// Asks for the first page, or for the one that a token names.
        package init(NextToken: String? = nil) {
            self.NextToken = NextToken
        }

        package struct Response: Decodable, Sendable, Hashable {
            /// May be empty on a page that others follow.
            package var Roots: [Root]?
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

    /// The top of the tree; an organization has one.
    package struct Root: Decodable, Sendable, Hashable {
        /// Begins with `r-`.
        package var Id: String?
    }
}
