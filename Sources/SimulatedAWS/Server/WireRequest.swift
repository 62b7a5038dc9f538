/// A request as it came over the wire, nothing decoded.
struct WireRequest: Sendable {
    var method: String
    /// Still percent-encoded.
    var path: String
    /// Still percent-encoded; empty where there is none.
    var query: String = ""
    /// Names in lower case.
    var headers: [String: String] = [:]
    var body: [UInt8] = []

    /// The query decoded; of a name given twice the last counts.
    var parameters: [String: String] {
        Dictionary(PercentEncoding.pairs(query, plusIsBlank: false).map { ($0.name, $0.value) }) { $1 }
    }
}
