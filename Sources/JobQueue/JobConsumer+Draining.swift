internal import Logging
internal import Observability

extension JobConsumer {
    /// Lets what is in flight go on until `deadline`; what is then unfinished is cancelled and given back.
    func endGrace(at deadline: ContinuousClock.Instant) async {
        await wait(until: deadline) { held.isEmpty }
        returning = [:]
        for job in held.values { job.stop.yield(.graceOver) }
        // Whoever does not stop within a second goes back alone, and loses its place in the order.
        await wait(until: .now + .seconds(1)) { held.count == returning?.count }
        let jobs = returning ?? [:]
        returning = nil
        await giveBack(jobs.keys, jobs)
    }

    /// Releases jobs that have not run, or not to their end.
    ///
    /// A release goes to the head of its bucket, so the last that was claimed goes back first.
    func giveBack(_ jobs: some Collection<LeasedJob>, _ outcomes: [LeasedJob: Outcome] = [:]) async {
        for job in jobs.sorted(by: { $0.token > $1.token }) {
            await settle(job, outcomes[job] ?? .released(cursor: job.cursor), took: .zero)
            held[job.token] = nil
        }
    }

    private func wait(until deadline: ContinuousClock.Instant, _ isOver: () -> Bool) async {
        while !isOver() && ContinuousClock.now < deadline {
            // A cancelled sleep means that there is no time left to wait.
            guard (try? await sleep(.milliseconds(20))) != nil else { return }
        }
    }
}
