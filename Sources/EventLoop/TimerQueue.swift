internal import HeapModule

/// Names a scheduled timer, so that it can be cancelled.
package struct TimerToken: Hashable, Sendable {
    fileprivate let number: UInt64
}

/// Timers by deadline; those of equal deadline fire in the order in which they were scheduled.
final class TimerQueue {
    private struct Entry: Comparable {
        var deadline: ContinuousClock.Instant
        var number: UInt64

        static func < (left: Entry, right: Entry) -> Bool {
            (left.deadline, left.number) < (right.deadline, right.number)
        }
    }

    private var entries: Heap<Entry> = []
    private var bodies: [UInt64: () -> Void] = [:]
    private var scheduled: UInt64 = 0

    /// The deadline to wake for; nil when there is no timer.
    var next: ContinuousClock.Instant? {
        while let first = entries.min {
            guard bodies[first.number] == nil else { return first.deadline }
            entries.removeMin()
        }
        return nil
    }

    func schedule(at deadline: ContinuousClock.Instant, _ body: @escaping () -> Void) -> TimerToken {
        scheduled += 1
        bodies[scheduled] = body
        entries.insert(Entry(deadline: deadline, number: scheduled))
        return TimerToken(number: scheduled)
    }

    func cancel(_ timer: TimerToken) {
        bodies[timer.number] = nil
        // Cancelled entries leave with their deadline; most timers here are time-outs that never fire, so sweep early.
        guard entries.count > 64, entries.count > 2 * bodies.count else { return }
        entries = Heap(entries.unordered.filter { bodies[$0.number] != nil })
    }

    func fire(now: ContinuousClock.Instant) {
        while let first = entries.min, first.deadline <= now {
            entries.removeMin()
            bodies.removeValue(forKey: first.number)?()
        }
    }
}
