package import Foundation

/// Turns recorded answers into the form in which AWS sends them: times as seconds since 1970.
package enum WireForm {
    package struct NotATime: Error {
        package let text: String
    }

    /// What the CLI prints has ISO dates.
    package static func ofCLI(_ file: URL) throws -> [UInt8] { try bytes(converted(object(file))) }

    /// A placebo recording wraps the answer in `data` and its times in objects of class `datetime`.
    package static func ofPlacebo(_ file: URL) throws -> [UInt8] {
        let recording = try object(file) as? [String: Any]
        return try bytes(converted(recording?["data"] ?? [:]))
    }

    package static func object(_ file: URL) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    }

    private static func bytes(_ object: Any) throws -> [UInt8] {
        Array(try JSONSerialization.data(withJSONObject: object))
    }

    private static let times: Set<String> = [
        "imageScanCompletedAt", "vulnerabilitySourceUpdatedAt", "imagePushedAt", "createdAt",
    ]

    private static func converted(_ value: Any) throws -> Any {
        switch value {
        case let object as [String: Any] where object["__class__"] as? String == "datetime": try seconds(object)
        case let object as [String: Any]:
            try Dictionary(
                uniqueKeysWithValues: object.map { key, value in
                    guard times.contains(key), let text = value as? String else { return (key, try converted(value)) }
                    guard let date = ISO8601DateFormatter().date(from: text) else { throw NotATime(text: text) }
                    return (key, date.timeIntervalSince1970)
                }
            )
        case let list as [Any]: try list.map(converted)
        default: value
        }
    }

    private static func seconds(_ time: [String: Any]) throws -> Double {
        let part = { (name: String) in time[name] as? Int }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let components = DateComponents(
            year: part("year"),
            month: part("month"),
            day: part("day"),
            hour: part("hour"),
            minute: part("minute"),
            second: part("second")
        )
        guard let date = calendar.date(from: components) else { throw NotATime(text: "\(time)") }
        return date.timeIntervalSince1970 + Double(part("microsecond") ?? 0) / 1e6
    }
}
