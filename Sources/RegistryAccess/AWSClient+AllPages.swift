package import AWSCore
package import Support

/// A page's token was refused under every attempt at the listing.
package struct PaginationExpired: Classified, CustomStringConvertible {
    /// The operation's name.
    package let operation: String
    package let cause: AWSServiceError
    package var disposition: Disposition { .transient }
    package var description: String { "\(operation): a page was lost, \(Self.attempts) times: \(cause)" }

    /// How often a listing is begun.
    package static let attempts = 3

    /// Whether AWS refuses the token that it gave itself; `isFirst` tells a page that was asked for without one.
    package static func isCause(_ error: AWSServiceError, isFirst: Bool) -> Bool {
        !isFirst && error.code.meaning.contains(.pageToken)
    }
}

extension AWSClient {
    /// All pages of a listing that is worth something only as a whole; begun anew where a page disappears.
    package func allPages<O: PaginatedOperation>(_ operation: O) async throws -> [O.Response] {
        var attempt = 1
        while true {
            var found: [O.Response] = []
            do {
                for try await page in pages(operation) { found.append(page) }
                return found
            } catch let error as AWSServiceError where PaginationExpired.isCause(error, isFirst: found.isEmpty) {
                guard attempt < PaginationExpired.attempts else {
                    throw PaginationExpired(operation: O.name, cause: error)
                }
                attempt += 1
            }
        }
    }
}
