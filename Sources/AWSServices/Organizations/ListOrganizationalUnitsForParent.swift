// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore

extension Organizations {
    /// Lists the units directly beneath a root or unit.
    package struct ListOrganizationalUnitsForParent: AWSJSONOperation, PaginatedOperation, Encodable {
        package static var service: AWSService { Organizations.service }
        package static var json: AWSJSONProtocol { Organizations.json }

        /// A root or an organizational unit.
        package var ParentId: String
        /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
        package var NextToken: String?

        /// Asks for the first page, or for the one that a token names.
        package init(ParentId: String, NextToken: String? = nil) {
            self.ParentId = ParentId
            self.NextToken = NextToken
        }

        package struct Response: Decodable, Sendable, Hashable {
            /// May be empty on a page that others follow.
            package var OrganizationalUnits: [OrganizationalUnit]?
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

    /// An organizational unit.
    package struct OrganizationalUnit: Decodable, Sendable, Hashable {
        /// Begins with `ou-`.
        package var Id: String?
        /// Unique beneath its parent.
        package var Name: String?
    }
}
