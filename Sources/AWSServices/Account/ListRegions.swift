// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore
internal import FoundationEssentials
package import HTTPTransport

extension AWSAccount {
    /// Lists the regions with the account's choice for each.
    package struct ListRegions: AWSOperation, PaginatedOperation, Encodable {
        package static var service: AWSService { AWSAccount.service }
        package static var name: String { "ListRegions" }

        /// Another account than the caller's; the management account must not name itself.
        package var AccountId: String?
        /// 1 to 50.
        package var MaxResults: Int?
        /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
        package var NextToken: String?

        /// Asks for the first page, or for the one that a token names.
        package init(AccountId: String? = nil, MaxResults: Int? = nil, NextToken: String? = nil) {
            self.AccountId = AccountId
            self.MaxResults = MaxResults
            self.NextToken = NextToken
        }

        package struct Response: Decodable, Sendable, Hashable {
            /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
            package var NextToken: String?
            /// One page of regions; nil and empty mean the same.
            package var Regions: [Region]?
        }

        /// A region and whether the account has it switched on.
        package struct Region: Decodable, Sendable, Hashable {
            /// The code, such as `eu-central-1`.
            package var RegionName: String?
            /// `ENABLED`, `ENABLING`, `DISABLING`, `DISABLED` or `ENABLED_BY_DEFAULT`.
            package var RegionOptStatus: String?
        }

        package func encode() throws -> AWSRequest {
            var request = AWSRequest()
            request.path = "/listRegions"
            request.headers = [("Content-Type", "application/json")]
            request.body = Array(try JSONEncoder().encode(self))
            return request
        }

        package static func decode(_ response: HTTPResponse) throws -> Response {
            try JSONDecoder().decode(Response.self, from: Data(response.body))
        }

        package func following(_ token: String) -> Self {
            var copy = self
            copy.NextToken = token
            return copy
        }

        /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
        package static func nextToken(in page: Response) -> String? { page.NextToken }
    }
}
