// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore

extension Organizations {
    /// Lists the member accounts; only for the management account and delegated administrators.
    package struct ListAccounts: AWSJSONOperation, PaginatedOperation, Encodable {
        package static var service: AWSService { Organizations.service }
        package static var json: AWSJSONProtocol { Organizations.json }

        package var NextToken: String?
        /// 1 to 20.
        package var MaxResults: Int?

        /// Asks for the first page, or for the one that a token names.
        package init(NextToken: String? = nil, MaxResults: Int? = nil) {
            self.NextToken = NextToken
            self.MaxResults = MaxResults
        }

        package struct Response: Decodable, Sendable, Hashable {
            /// May be empty on a page that others follow.
            package var Accounts: [Account]?
            package var NextToken: String?
        }

        package func following(_ token: String) -> Self {
            var copy = self
            copy.NextToken = token
            return copy
        }

        package static func nextToken(in page: Response) -> String? { page.NextToken }
    }

    package struct Account: Decodable, Sendable, Hashable {
        package var Id: String?
        package var Name: String?
        /// `PENDING_ACTIVATION`, `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE` or `CLOSED`.
        package var State: String?
        /// The older, coarser word, retired on 2026-09-09.
        package var Status: String?
    }
}
