internal import Domain
internal import JSON
internal import Support

extension JSONWriter {
    /// Writes a time in seconds since 1970 as ISO 8601 in UTC.
    mutating func member(_ key: String, time: Double?) {
        member(key, time.map { UTCTime(seconds: Int($0.rounded(.down))).text + "Z" })
    }
}

extension Coverage {
    /// Writes `state`, `reason` and `at` as members of the enclosing object.
    func write(to json: inout JSONWriter) {
        json.member("state", state.rawValue)
        json.member("reason", reason)
        json.member("at", time: at)
    }
}
