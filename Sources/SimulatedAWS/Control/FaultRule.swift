/// A fault that was asked for by `POST /_fail`.
struct FaultRule: Sendable {
    enum Kind: Sendable, Hashable {
        case throttle
        case deny
        case error
        /// The call takes effect, and is answered as if it had failed.
        case lateError
        /// The answer comes so many seconds late.
        case hang(Double)
        /// A batch call leaves part of its work undone.
        case unprocessed
        /// Something happens to what the call is about, just before it is answered.
        case event(Event)
    }

    /// What happens in the midst of a sweep.
    enum Event: String, Sendable {
        /// The token of a following page is taken no longer.
        case expireToken = "expire-token"
        /// The connection ends in the middle of the answer's body.
        case truncate
        case deleteRepository = "delete-repository"
        case deleteImage = "delete-image"
        case suspend
        /// Every session of the caller's account ends.
        case revoke
    }

    var service: String?
    var operation: String?
    var account: String?
    var region: String?
    var repository: String?
    var kind: Kind
    /// The share of matching calls that it hits.
    var share: Double
    /// How many more calls it hits; nil is without end.
    var left: Int?
    /// How many matching calls it lets pass before.
    var skips: Int

    /// Reads rules such as `operation=DescribeImages&throttle=0.1`, `hang=5&share=0.5`, `deny=1&times=3` or `event=revoke&after=4&times=1`.
    static func read(_ parameters: [String: String]) -> [FaultRule] {
        let number = { (name: String) in parameters[name].flatMap(Double.init) }
        let kinds: [(Kind, Double?)] = [
            (.throttle, number("throttle")), (.deny, number("deny")), (.error, number("error")),
            (.lateError, number("late_error")),
            (.unprocessed, number("unprocessed")),
            (.hang(number("hang") ?? 0), number("hang") == nil ? nil : number("share") ?? 1),
        ]
        let events = parameters["event"].flatMap(Event.init).map { [(Kind.event($0), Double?(1))] } ?? []
        return (kinds + events).compactMap { kind, share in
            guard let share else { return nil }
            return FaultRule(
                service: parameters["service"],
                operation: parameters["operation"],
                account: parameters["account"],
                region: parameters["region"],
                repository: parameters["repository"],
                kind: kind,
                share: share,
                left: parameters["times"].flatMap { Int($0) },
                skips: parameters["after"].flatMap { Int($0) } ?? 0
            )
        }
    }

    func matches(_ call: Call) -> Bool {
        (service ?? call.service.rawValue) == call.service.rawValue && (operation ?? call.operation) == call.operation
            && (account ?? call.caller.account) == call.caller.account && (region ?? call.region) == call.region
            && (repository == nil || call.input["repositoryName"]?.text == repository)
            && (kind != .event(.expireToken) || (call.input["nextToken"] ?? call.input["NextToken"])?.text != nil)
    }

    var json: JSONValue {
        .compact([
            "kind": .string("\(kind)"),
            "service": service.map(JSONValue.string),
            "operation": operation.map(JSONValue.string),
            "account": account.map(JSONValue.string),
            "region": region.map(JSONValue.string),
            "repository": repository.map(JSONValue.string),
            "share": .number(share),
            "left": left.map(JSONValue.integer),
        ])
    }
}

extension ServiceFault {
    static func throttled(_ service: Service) -> ServiceFault {
        switch service {
        case .ecr: ServiceFault("ThrottlingException", "Rate exceeded")
        case .sts: ServiceFault("Throttling", "Rate exceeded")
        case .organizations:
            ServiceFault(
                "TooManyRequestsException",
                "AWS Organizations can't complete your request because another request "
                    + "is already in progress. Try again later."
            )
        case .account: ServiceFault("TooManyRequestsException", "Rate exceeded", status: 429)
        case .dynamodb, .streams:
            ServiceFault(
                "ProvisionedThroughputExceededException",
                "The level of configured provisioned throughput for the table was exceeded."
            )
        case .s3: ServiceFault("SlowDown", "Please reduce your request rate.", status: 503)
        }
    }

    static func denied(_ call: Call) -> ServiceFault {
        let message =
            "User: \(call.caller.arn) is not authorized to perform: \(call.service.signingName):\(call.operation)"
        return switch call.service.format {
        case .json: ServiceFault("AccessDeniedException", message)
        case .restJSON: ServiceFault("AccessDeniedException", message, status: 403)
        case .query, .restXML: ServiceFault("AccessDenied", message, status: 403)
        }
    }

    static func broken(_ service: Service) -> ServiceFault {
        switch service {
        case .ecr: ServiceFault("ServerException", "An internal failure has occurred.", status: 500)
        case .s3: ServiceFault("InternalError", "We encountered an internal error. Please try again.", status: 500)
        case .dynamodb, .streams: ServiceFault("InternalServerError", "Internal server error", status: 500)
        default: ServiceFault("InternalFailure", "An internal failure has occurred.", status: 500)
        }
    }
}
