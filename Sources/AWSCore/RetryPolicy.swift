/// How often and how soon a call is retried: AWS' standard mode, in its first version or in that of 2026.
package struct RetryPolicy: Sendable, Hashable {
    /// A setting that cannot be followed.
    package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
        /// Names the variable and its allowed values.
        package let description: String
    }

    /// The first rules, and three attempts.
    package static let standard = RetryPolicy()

    /// Attempts in all; nil leaves it to the rules.
    private var maximumAttempts: Int?
    private var usesRulesOf2026 = false

    private init() {}

    /// Reads `AWS_MAX_ATTEMPTS`, `AWS_RETRY_MODE`, `AWS_NEW_RETRIES_2026` as the AWS CLI does; empty counts as not set.
    ///
    /// - Throws: `ConfigurationError` for a number below 1, and for any mode but `standard`.
    package init(environment: [String: String]) throws(ConfigurationError) {
        if let text = environment["AWS_MAX_ATTEMPTS"], !text.isEmpty {
            guard let attempts = Int(text), attempts >= 1 else {
                throw ConfigurationError(description: "AWS_MAX_ATTEMPTS: \(text) is not a whole number from 1")
            }
            maximumAttempts = attempts
        }
        if let mode = environment["AWS_RETRY_MODE"], !mode.isEmpty, mode.lowercased() != "standard" {
            throw ConfigurationError(
                description: "AWS_RETRY_MODE: \(mode) is not supported, nor is it as a profile's retry_mode; set "
                    + "AWS_RETRY_MODE to standard"
            )
        }
        usesRulesOf2026 = environment["AWS_NEW_RETRIES_2026"]?.lowercased() == "true"
    }

    /// The numbers for one service; `attempts`, where a caller gives it, overrides every other source.
    func terms(for service: AWSService, attempts: Int?) -> RetryTerms {
        var terms = usesRulesOf2026 ? Self.terms2026(for: service) : RetryTerms()
        terms.maximumAttempts = attempts ?? maximumAttempts ?? terms.maximumAttempts
        return terms
    }

    /// DynamoDB answers within milliseconds, so retries start sooner and there is one more.
    private static func terms2026(for service: AWSService) -> RetryTerms {
        var terms = RetryTerms(faultBase: .milliseconds(50), faultCost: 14, timeOutCost: 14)
        if service.id.hasPrefix("DYNAMODB") {
            terms.faultBase = .milliseconds(25)
            terms.maximumAttempts = 4
        }
        return terms
    }
}

/// One service's retry numbers; the defaults are the first standard mode's (botocore `retries/standard.py`).
struct RetryTerms: Sendable, Hashable {
    var maximumAttempts = 3
    /// The ceiling of the first wait after a throttle.
    var throttleBase: Duration = .seconds(1)
    /// The same after any other failure.
    var faultBase: Duration = .seconds(1)
    /// The tokens that a retry takes from the budget.
    var throttleCost = 5
    var faultCost = 5
    /// The same where no answer came.
    var timeOutCost = 10
}
