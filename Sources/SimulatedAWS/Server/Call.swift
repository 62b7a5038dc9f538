/// One authenticated call of one operation.
struct Call: Sendable {
    var service: Service
    var operation: String
    var region: String
    var caller: Caller
    var request: WireRequest
    /// The request's JSON; empty for services that do not speak it.
    var input: JSONValue
    /// Seconds since 1970.
    var now: Double
}
