import Observability
import Testing

@Suite struct MetricRegistryTests {
    @Test func `Counters, gauges and histograms in Prometheus' text format`() {
        let registry = MetricRegistry()
        registry.increment(.jobsSettled, [("kind", "scan"), ("outcome", "completed")])
        registry.increment(.jobsSettled, [("kind", "scan"), ("outcome", "completed")])
        registry.set(.queueBacklog, to: 7)
        registry.observe(.jobDuration, [("kind", "scan")], seconds: 0.02)
        registry.observe(.jobDuration, [("kind", "scan")], seconds: 500)
        let text = registry.text()
        #expect(text.contains("scanfleet_jobs_settled_total{kind=\"scan\",outcome=\"completed\"} 2\n"))
        #expect(text.contains("# TYPE scanfleet_queue_backlog_jobs gauge\nscanfleet_queue_backlog_jobs 7\n"))
        #expect(text.contains("scanfleet_job_duration_seconds_bucket{kind=\"scan\",le=\"0.01\"} 0\n"))
        #expect(text.contains("scanfleet_job_duration_seconds_bucket{kind=\"scan\",le=\"0.025\"} 1\n"))
        #expect(text.contains("scanfleet_job_duration_seconds_bucket{kind=\"scan\",le=\"+Inf\"} 2\n"))
        #expect(text.contains("scanfleet_job_duration_seconds_count{kind=\"scan\"} 2\n"))
    }

    @Test func `A label's value cannot break out of its quotes`() {
        let registry = MetricRegistry()
        registry.set(.leading, [("role", "a\"b\\c\nd")], to: 1)
        #expect(registry.text().contains("{role=\"a\\\"b\\\\c\\nd\"} 1\n"))
    }

    @Test func `Who has stopped leading shows nothing old`() {
        let registry = MetricRegistry()
        registry.set(.queueBacklog, to: 7)
        registry.set(.leading, [("role", "coordinator")], to: 0)
        registry.forget([.queueBacklog, .queueJobs])
        #expect(!registry.text().contains("scanfleet_queue_backlog_jobs"))
        #expect(registry.text().contains("scanfleet_role_leading{role=\"coordinator\"} 0\n"))
    }

    @Test func `Names follow the rule`() {
        for name in MetricName.allCases {
            #expect(name.rawValue.hasPrefix("scanfleet_"))
            #expect((name.kind == .counter) == name.rawValue.hasSuffix("_total"))
            #expect(!name.help.isEmpty)
        }
    }
}
