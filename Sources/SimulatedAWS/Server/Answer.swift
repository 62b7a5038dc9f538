/// What goes back over the wire.
struct Answer: Sendable {
    var status: Int = 200
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    /// The connection ends when half of the body is sent.
    var isCut = false

    static func json(_ value: JSONValue, status: Int = 200, type: String = "application/json") -> Answer {
        Answer(status: status, headers: ["Content-Type": type], body: value.bytes)
    }

    static func xml(_ root: String, status: Int = 200, type: String = "text/xml") -> Answer {
        Answer(status: status, headers: ["Content-Type": type], body: XMLText.document(root))
    }
}
