import Foundation
import JobQueue
import Observability
import Testing

@testable import FleetRoles

/// What Prometheus, KEDA and people read of the fleet's numbers.
@Suite struct MetricGoldenTests {
    @Test func `Every metric's name, kind and help`() throws {
        let lines = MetricName.allCases.map { "\($0.rawValue) \($0.kind.rawValue)\n  \($0.help)\n" }.sorted()
        try expectGolden(lines.joined(), "Metrics/names.txt")
    }

    @Test func `The text that is scraped`() throws {
        let metrics = MetricRegistry()
        metrics.increment(.jobsSettled, [("kind", "scan"), ("outcome", "completed")], by: 2)
        metrics.set(.leading, [("role", "a\"b\\c\nd")], to: 1)
        metrics.set(.sweepCompleteness, [("kind", "collect")], to: 0.25)
        metrics.observe(.jobDuration, [("kind", "scan")], seconds: 0.02)
        metrics.observe(.jobDuration, [("kind", "scan")], seconds: 500)
        try expectGolden(metrics.text(), "Metrics/text.txt")
    }

    /// Labels are spelled where something is counted, each as `("name", value)` or with these words before both.
    @Test func `Every label's name`() throws {
        let label = /\((?:name: )?"([a-z_]+)", (?:value: [^)]*|[a-z]+|(?:[a-z]+\.)+rawValue)\)/
        var names: Set<String> = []
        for (_, text) in try Sources.texts(withExtension: "swift")
        where text.contains("etrics") {
            for list in text.matches(of: /\[\((?:name: )?"[a-z_]+", [^\]]*\]/) {
                for match in list.output.matches(of: label) { names.insert(String(match.output.1)) }
            }
        }
        try expectGolden(names.sorted().map { $0 + "\n" }.joined(), "Metrics/labels.txt")
    }

    @Test func `The body of the queue's page`() throws {
        var snapshot = QueueSnapshot()
        snapshot.ready = 650
        snapshot.due = 2
        snapshot.inFlight = 3
        snapshot.delayed = 4
        snapshot.quarantined = 5
        snapshot.dead = 6
        snapshot.startable = 130
        snapshot.oldestReadySeconds = 90
        var sweep = SweepProgress(id: "collect-1")
        sweep.total = 10
        sweep.done = 4
        sweep.dead = 1
        sweep.cancelled = 2
        sweep.retried = 7
        sweep.recovered = 8
        sweep.isClosed = true
        sweep.openedAt = 1000.5
        sweep.completedAt = 2000.25
        sweep.tallies = ["images": 9, "gaps": 1]
        snapshot.sweeps = [sweep, SweepProgress(id: "scan-2")]
        let body = QueueStatus(snapshot, concurrency: 64).json
        try expectGolden(String(decoding: body, as: UTF8.self), "Metrics/queue.json")
    }
}
