// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore

extension Organizations {
    /// Lists the member accounts; only for the management account and delegated administrators.
    package struct ListAccounts: AWSJSONOperation, PaginatedOperation, Encodable {
        package static var service: AWSService { Organizations.service }
        package static var json: AWSJSONProtocol { Organizations.json }

        /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
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

    /// An account of the organization.
    package struct Account: Decodable, Sendable, Hashable {
        /// Twelve digits.
        package var Id: String?
        /// Chosen by people, and not unique.
        package var Name: String?
        /// `PENDING_ACTIVATION`, `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE` or `CLOSED`.
        package var State: String?
        /// The older, coarser word, retired on 2026-09-09.
        package var Status: String?
    }
}
