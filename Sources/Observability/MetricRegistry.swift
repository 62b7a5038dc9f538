internal import Synchronization

/// The process's metrics, passed to the code that counts; one lock protects them, held for nanoseconds.
package final class MetricRegistry: Sendable {
    /// Label names with their values, in the order in which they are printed.
    package typealias Labels = [(name: String, value: String)]

    /// Labels in their printed form; formatting costs more than counting, so keep the value where you count often.
    package struct LabelText: Sendable, Hashable {
        fileprivate let text: String

        /// Formats and escapes labels.
        package init(_ labels: Labels) {
            text = labels.map { "\($0.name)=\"\(MetricRegistry.escaped($0.value))\"" }.joined(separator: ",")
        }
    }

    private struct Series {
        var labels: String
        var value: Double = 0
        var buckets: [UInt64] = []
        var count: UInt64 = 0
    }

    /// Upper bounds of the histograms' buckets, in seconds: from a fast AWS answer to a job's hard limit.
    package static let bounds: [Double] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]

    private let families: Mutex<[MetricName: [String: Series]]> = Mutex([:])

    /// Creates an empty registry.
    package init() {}

    /// Adds to a counter.
    package func increment(_ name: MetricName, _ labels: Labels = [], by amount: Double = 1) {
        increment(name, LabelText(labels), by: amount)
    }

    /// Adds to a counter.
    package func increment(_ name: MetricName, _ labels: LabelText, by amount: Double = 1) {
        update(name, labels) { $0.value += amount }
    }

    /// Sets a gauge.
    package func set(_ name: MetricName, _ labels: Labels = [], to value: Double) {
        update(name, LabelText(labels)) { $0.value = value }
    }

    /// Drops every series of these gauges, as when a process stops leading: its last values would be exported for ever.
    package func forget(_ names: some Sequence<MetricName>) {
        families.withLock { families in
            for name in names { families[name] = nil }
        }
    }

    /// Records one duration, in seconds.
    package func observe(_ name: MetricName, _ labels: Labels = [], seconds: Double) {
        observe(name, LabelText(labels), seconds: seconds)
    }

    /// Records one duration, in seconds.
    package func observe(_ name: MetricName, _ labels: LabelText, seconds: Double) {
        update(name, labels) { series in
            if series.buckets.isEmpty { series.buckets = Array(repeating: 0, count: Self.bounds.count) }
            for index in Self.bounds.indices where seconds <= Self.bounds[index] { series.buckets[index] += 1 }
            series.count += 1
            series.value += seconds
        }
    }

    /// Everything in Prometheus' text format 0.0.4.
    package func text() -> String {
        let snapshot = families.withLock { $0 }
        var text = ""
        for name in MetricName.allCases {
            guard let family = snapshot[name] else { continue }
            text += "# HELP \(name.rawValue) \(name.help)\n# TYPE \(name.rawValue) \(name.kind.rawValue)\n"
            for series in family.values.sorted(by: { $0.labels < $1.labels }) {
                text += name.kind == .histogram ? Self.histogram(name, series) : Self.plain(name, series)
            }
        }
        return text
    }

    private func update(_ name: MetricName, _ labels: LabelText, _ change: (inout Series) -> Void) {
        let key = labels.text
        families.withLock { change(&$0[name, default: [:]][key, default: Series(labels: key)]) }
    }

    private static func plain(_ name: MetricName, _ series: Series) -> String {
        "\(name.rawValue)\(series.labels.isEmpty ? "" : "{\(series.labels)}") \(number(series.value))\n"
    }

    private static func histogram(_ name: MetricName, _ series: Series) -> String {
        let prefix = series.labels.isEmpty ? "" : series.labels + ","
        let suffix = series.labels.isEmpty ? "" : "{\(series.labels)}"
        var text = ""
        for (bound, count) in zip(bounds, series.buckets) {
            text += "\(name.rawValue)_bucket{\(prefix)le=\"\(number(bound))\"} \(count)\n"
        }
        text += "\(name.rawValue)_bucket{\(prefix)le=\"+Inf\"} \(series.count)\n"
        text += "\(name.rawValue)_sum\(suffix) \(number(series.value))\n"
        text += "\(name.rawValue)_count\(suffix) \(series.count)\n"
        return text
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }

    fileprivate static func escaped(_ value: String) -> String {
        var text = ""
        for character in value {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
        return text
    }
}
