/// What Hubot was told.
struct HubotRoom: Sendable {
    struct Message: Sendable {
        var path: String
        var idempotencyKey: String?
        var authorization: String?
        var body: JSONValue
        /// Seconds since 1970.
        var at: Double
    }

    private var messages: [Message] = []
    private var refused = 0
    private var failuresLeft = 0
    private var failureStatus = 500

    mutating func fail(times: Int, status: Int) {
        failuresLeft = times
        failureStatus = status
    }

    /// Keeps the message, or refuses it: Express takes 100 kB of JSON at most.
    mutating func post(_ request: WireRequest, now: Double) -> Answer {
        guard failuresLeft == 0 else {
            failuresLeft -= 1
            refused += 1
            return Answer(status: failureStatus)
        }
        guard request.body.count <= 102_400 else {
            refused += 1
            return Answer(status: 413)
        }
        let body = (try? JSONValue(reading: request.body)) ?? .string(String(decoding: request.body, as: UTF8.self))
        messages.append(
            Message(
                path: request.path,
                idempotencyKey: request.headers["idempotency-key"],
                authorization: request.headers["authorization"],
                body: body,
                at: now
            )
        )
        return Answer(
            headers: ["Content-Type": "text/html; charset=utf-8", "X-Powered-By": "hubot/simulated"],
            body: Array("OK".utf8)
        )
    }

    var json: JSONValue {
        [
            "refused": .integer(refused),
            "messages": .array(
                messages.map {
                    .compact([
                        "path": .string($0.path),
                        "idempotency_key": $0.idempotencyKey.map(JSONValue.string),
                        "authorization": $0.authorization.map(JSONValue.string),
                        "at": .number($0.at),
                        "body": $0.body,
                    ])
                }
            ),
        ]
    }
}
