internal import AWSCore
internal import Observability
internal import Support
internal import Synchronization

/// Counts attempts at AWS calls and their durations; the label text of each kind of attempt is built only once.
final class CallMetrics: Sendable {
    private struct Kind: Hashable {
        var service: String
        var operation: String
        var outcome: AWSCallRecord.Outcome
    }

    private struct Labels {
        var requests: MetricRegistry.LabelText
        var duration: MetricRegistry.LabelText
    }

    private let registry: MetricRegistry
    private let labels: Mutex<[Kind: Labels]> = Mutex([:])

    init(_ registry: MetricRegistry) { self.registry = registry }

    /// Counts one attempt, whether it succeeded or not.
    func count(_ call: AWSCallRecord) {
        let labels = labels(of: call)
        registry.increment(.awsRequests, labels.requests)
        registry.observe(.awsRequestDuration, labels.duration, seconds: call.duration.inSeconds)
    }

    private func labels(of call: AWSCallRecord) -> Labels {
        let kind = Kind(service: call.service, operation: call.operation, outcome: call.outcome)
        return labels.withLock { known in
            if let labels = known[kind] { return labels }
            let call = [(name: "service", value: kind.service), (name: "operation", value: kind.operation)]
            let labels = Labels(
                requests: MetricRegistry.LabelText(call + [("outcome", kind.outcome.rawValue)]),
                duration: MetricRegistry.LabelText(call)
            )
            known[kind] = labels
            return labels
        }
    }
}
