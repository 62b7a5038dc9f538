package import Support

/// An error that an AWS service answered.
package struct AWSServiceError: Error, Hashable, Sendable {
    /// The service's own name for the error, such as `ScanNotFoundException`; unknown names are kept.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        /// Keeps the name, less any namespace before `#` and anything after a colon.
        package init(rawValue: String) {
            let beforeAddress = rawValue.prefix { $0 != ":" }
            self.rawValue = beforeAddress.split(separator: "#").last.map(String.init) ?? rawValue
        }
    }

    /// The error code, or `UnreadableBody` where the body names none.
    package var code: Code
    /// AWS' English text; the session token and the quoted canonical request are removed.
    package var message: String
    /// The HTTP status; 500 for an error in a 2xx answer.
    package var status: Int
    /// The operation's name, such as `DescribeImages`.
    package var operation: String
    /// The request id that AWS support asks for; nil where the answer has none.
    package var requestID: String?
    /// Whether another attempt can help, decided from code, status and operation.
    package var disposition: Disposition
    /// Why a transaction was cancelled, action by action; empty for every other error.
    package var cancellationReasons: [CancellationReason] = []

    /// Describes an error answer.
    package init(
        code: Code,
        message: String,
        status: Int,
        operation: String,
        requestID: String? = nil,
        disposition: Disposition
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.operation = operation
        self.requestID = requestID
        self.disposition = disposition
    }
}

extension AWSServiceError: Classified {}

extension AWSServiceError: CustomStringConvertible {
    package var description: String {
        let id = requestID.map { " (request \($0))" } ?? ""
        return "\(operation): \(code.rawValue), status \(status): \(message)\(id)"
    }
}
