package import AWSCore
package import Support

/// AWS refused a page token in every attempt at a listing.
package struct PaginationExpired: Classified, CustomStringConvertible {
    /// The operation's name.
    package let operation: String
    /// AWS' answer to the last attempt.
    package let cause: AWSServiceError
    /// Transient: a later attempt starts with fresh tokens.
    package var disposition: Disposition { .transient }
    package var description: String { "\(operation): a page was lost, \(Self.attempts) times: \(cause)" }

    /// How often a listing is started before it fails.
    package static let attempts = 3

    /// Whether AWS refused a page token that it had issued; `isFirst` marks the first page, which is requested without
    /// one.
    package static func isCause(_ error: AWSServiceError, isFirst: Bool) -> Bool {
        !isFirst && error.code.meaning.contains(.pageToken)
    }
}

extension AWSClient {
    /// All pages of a listing that is useful only as a whole; starts over if a page token expires.
    ///
    /// - Throws: `PaginationExpired` after the last attempt, and the error of a call.
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
