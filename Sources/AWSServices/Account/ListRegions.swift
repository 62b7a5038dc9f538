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
        package var NextToken: String?

        /// Asks for the first page, or for the one that a token names.
        package init(AccountId: String? = nil, MaxResults: Int? = nil, NextToken: String? = nil) {
            self.AccountId = AccountId
            self.MaxResults = MaxResults
            self.NextToken = NextToken
        }

        package struct Response: Decodable, Sendable, Hashable {
            package var NextToken: String?
            package var Regions: [Region]?
        }

        package struct Region: Decodable, Sendable, Hashable {
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

        package static func nextToken(in page: Response) -> String? { page.NextToken }
    }
}
