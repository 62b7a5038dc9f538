internal import AWSCore

extension ECR {
    /// Lists the repositories of a registry.
    package struct DescribeRepositories: ECROperation, PaginatedOperation {
        /// Another account's registry; the caller's own where nil.
        package var registryId: String?
        /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
        package var nextToken: String?
        /// 1 to 1,000; AWS gives 100 where nil.
        package var maxResults: Int?

        /// Asks for the first page, or for the one that a token names.
        package init(
            registryId: String? = nil,
            nextToken: String? = nil,
            maxResults: Int? = nil
        ) {
            self.registryId = registryId
            self.nextToken = nextToken
            self.maxResults = maxResults
        }

        package struct Response: Decodable, Sendable, Hashable {
            /// One page of repositories, in no promised order.
            package var repositories: [Repository]?
            /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
            package var nextToken: String?
        }

        /// A repository and where it lies.
        package struct Repository: Decodable, Sendable, Hashable {
            /// The account that owns the registry; in a request nil means the caller's own.
            package var registryId: String?
            /// The repository with its namespace, such as `team/app`; without the registry.
            package var repositoryName: String?
            /// When it was made, in seconds since 1970.
            package var createdAt: Double?
        }

        package func following(_ token: String) -> Self {
            var copy = self
            copy.nextToken = token
            return copy
        }

        /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
        package static func nextToken(in page: Response) -> String? { page.nextToken }
    }
}
