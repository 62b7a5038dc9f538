internal import JSON

/// One statement to add to one policy, for all holders that lack the same actions.
struct PolicyAdvice: Hashable, Sendable {
    /// The roles or trust policies that lack the statement, sorted.
    let holders: [String]
    let policy: String
    let actions: [String]
    let resource: String
    let trusted: String?
    let needsExternalID: Bool

    /// Joins missing permissions into the fewest statements that allow exactly those, and nothing more.
    static func joining(_ missing: [MissingPermission]) -> [PolicyAdvice] {
        let byPlace = Dictionary(grouping: missing) { permission in
            var place = permission
            place.action = ""
            return place
        }
        let byStatement = Dictionary(grouping: byPlace) { place, permissions in
            var statement = place
            statement.holder = ""
            statement.action = Set(permissions.map(\.action)).sorted().joined(separator: ",")
            return statement
        }
        return byStatement.map { statement, places in
            PolicyAdvice(
                holders: places.map(\.key.holder).sorted(),
                policy: statement.policy,
                actions: statement.action.split(separator: ",").map(String.init),
                resource: statement.resource,
                trusted: statement.trusted,
                needsExternalID: statement.needsExternalID
            )
        }.sorted { ($0.policy, $0.actions[0], $0.holders[0]) < ($1.policy, $1.actions[0], $1.holders[0]) }
    }

    /// Writes the statement in IAM's JSON; for the secret external id it writes `EXTERNAL_ID`, as `ops/iam` does.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("Effect", "Allow")
        if let trusted {
            json.object("Principal") { $0.member("AWS", trusted) }
        }
        json.array("Action", actions) { $0.string($1) }
        if trusted == nil { json.member("Resource", resource) }
        if needsExternalID {
            json.object("Condition") { json in
                json.object("StringEquals") { $0.member("sts:ExternalId", "EXTERNAL_ID") }
            }
        }
        json.endObject()
    }
}
