internal import FleetRoles
internal import JSON

/// The result of `scanfleet doctor`, as text and as JSON.
package struct DoctorReport {
    /// The results in the order of the checks: credentials, Redis, table, bucket, organization, accounts.
    package let checks: [Check]
    let advice: [PolicyAdvice]

    /// Joins the permissions that the checks found missing into statements.
    package init(_ checks: [Check]) {
        self.checks = checks
        advice = PolicyAdvice.joining(checks.flatMap(\.missing))
    }

    /// A line for each check, then the statements to add to each policy, then the number of checks by verdict.
    package var text: String {
        let found = checks.map { check in
            let mark = check.verdict == .fine ? "ok" : check.verdict.rawValue.uppercased()
            return "\(mark.padded(to: 12))\(check.subject): \(check.text.printable)"
        }
        let additions = advice.map { advice -> String in
            var json = JSONWriter()
            advice.write(to: &json)
            let statement = String(decoding: json.drain(), as: UTF8.self)
            return "\nadd to \(advice.holders.joined(separator: ", ")) (ops/iam/\(advice.policy)):\n\(statement)"
        }
        let sum = [Check.Verdict.fine, .note, .gap, .unavailable, .refused].map { "\(checks.count($0)) \($0.rawValue)" }
        return (found + additions + ["\n" + sum.joined(separator: ", ")]).joined(separator: "\n")
    }

    /// One JSON object with `status`, `checks` and `add`, without a line break at its end.
    package var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("status", Int(checks.status.rawValue))
            json.key("checks")
            json.beginArray()
            for check in checks { check.write(to: &json) }
            json.endArray()
            json.key("add")
            json.beginArray()
            for advice in advice {
                json.object { json in
                    json.key("holders")
                    json.beginArray()
                    for holder in advice.holders { json.string(holder) }
                    json.endArray()
                    json.member("policy", "ops/iam/\(advice.policy)")
                    json.key("statement")
                    advice.write(to: &json)
                }
            }
            json.endArray()
        }
        return json.drain()
    }
}

extension Check {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("subject", subject)
            json.member("verdict", verdict.rawValue)
            json.member("text", text)
            json.key("denied")
            json.beginArray()
            for action in Set(missing.map(\.action)).sorted() { json.string(action) }
            json.endArray()
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
