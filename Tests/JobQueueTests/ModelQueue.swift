import JobQueue

/// The queue's contract as plain values, for workers that never die: what Redis must answer, and count, after any sequence.
struct ModelQueue {
    enum State: Equatable {
        case ready
        case leased(Int)
        case waiting, done, dead, cancelled
    }

    struct Job {
        var sweep: String
        var bucket: String
        var payload: String
        var state = State.ready
        var tries = 0
        var crashes = 0
        var cursor: String?
    }

    struct Sweep {
        var priority: QueuePriority
        var progress: SweepProgress
    }

    let tries: Int
    let crashes: Int
    private(set) var sweeps: [String: Sweep] = [:]
    /// By sweep and payload.
    private(set) var jobs: [[String]: Job] = [:]
    private(set) var letters: [[String]] = []
    private var ready: [QueuePriority: [[String]]] = [.now: [], .bulk: []]
    private var waiting: [[String]] = []

    var readyCount: Int { ready.values.reduce(0) { $0 + $1.count } }
    var waitingCount: Int { waiting.count }
    var leasedCount: Int { jobs.values.count { if case .leased = $0.state { true } else { false } } }

    init(tries: Int, crashes: Int) {
        self.tries = tries
        self.crashes = crashes
    }

    mutating func open(_ sweep: String, _ priority: QueuePriority) -> Bool {
        guard sweeps[sweep] == nil else { return false }
        sweeps[sweep] = Sweep(priority: priority, progress: SweepProgress(id: sweep))
        return true
    }

    mutating func enqueue(_ added: [QueuedJob], in sweep: String) -> Int? {
        guard let known = sweeps[sweep] else { return nil }
        guard !known.progress.isClosed else { return 0 }
        var count = 0
        for job in added where jobs[[sweep, job.payload]] == nil {
            jobs[[sweep, job.payload]] = Job(sweep: sweep, bucket: job.bucket, payload: job.payload)
            ready[known.priority]?.append([sweep, job.payload])
            count += 1
        }
        sweeps[sweep]?.progress.total += count
        return count
    }

    mutating func close(_ sweep: String) {
        sweeps[sweep]?.progress.isClosed = true
        completeIfOver(sweep)
    }

    mutating func cancel(_ sweep: String) {
        guard let progress = sweeps[sweep]?.progress, !progress.isComplete, !progress.isStopped else { return }
        sweeps[sweep]?.progress.isStopped = true
        close(sweep)
    }

    /// What every claim does first: retries are due at once, and come back.
    mutating func bringBack() {
        for key in waiting {
            if isStopped(key) { finish(key, .cancelled) } else { putBack(key) }
        }
        waiting = []
    }

    /// Ready jobs of cancelled sweeps: a claim drops those that it meets.
    var droppable: [[String]] { ready.values.joined().filter(isStopped) }

    mutating func drop(_ key: [String]) {
        for priority in QueuePriority.allCases { ready[priority]?.removeAll { $0 == key } }
        finish(key, .cancelled)
    }

    /// Whether a claim may lease this job next: the first of its bucket, after all ad-hoc work.
    ///
    /// Which bucket comes next is the ring's affair, and no part of the model.
    mutating func take(_ key: [String]) -> Bool {
        guard let job = jobs[key], let priority = sweeps[key[0]]?.priority else { return false }
        if priority == .bulk, ready[.now]?.isEmpty == false { return false }
        guard let place = ready[priority]?.firstIndex(where: { jobs[$0]?.bucket == job.bucket }),
            ready[priority]?[place] == key
        else { return false }
        ready[priority]?.remove(at: place)
        return true
    }

    /// The lease of a worker that died has ended.
    mutating func crash(_ key: [String]) {
        sweeps[key[0]]?.progress.recovered += 1
        jobs[key]?.crashes += 1
        if isStopped(key) {
            finish(key, .cancelled)
        } else if jobs[key]?.crashes ?? 0 >= crashes {
            bury(key)
        } else {
            putBack(key)
        }
    }

    mutating func lease(_ key: [String], token: Int) { jobs[key]?.state = .leased(token) }

    /// Whether the lease still holds after a beat.
    mutating func beat(_ key: [String], token: Int) -> Bool {
        guard jobs[key]?.state == .leased(token) else { return false }
        if isStopped(key) { finish(key, .cancelled) }
        return !isStopped(key)
    }

    mutating func settle(_ key: [String], token: Int, as outcome: JobOutcome) -> Bool {
        guard jobs[key]?.state == .leased(token) else { return false }
        switch outcome {
        case .completed(let tallies):
            for (name, count) in tallies { sweeps[key[0]]?.progress.tallies[name, default: 0] += count }
            finish(key, .done)
        case .discarded: bury(key)
        case _ where isStopped(key): finish(key, .cancelled)
        case .released(let cursor):
            if let cursor, cursor != jobs[key]?.cursor { jobs[key]?.crashes = 0 }
            jobs[key]?.cursor = cursor
            putBack(key)
        case .retry(_, _, let consumesTry): retry(key, consumesTry)
        }
        return true
    }

    mutating func replay(_ key: [String]) -> Bool {
        guard jobs[key]?.state == .dead, !isStopped(key), let place = letters.firstIndex(of: key) else { return false }
        letters.remove(at: place)
        sweeps[key[0]]?.progress.dead -= 1
        jobs[key]?.tries = 0
        jobs[key]?.crashes = 0
        jobs[key]?.cursor = nil
        jobs[key]?.state = .ready
        if let priority = sweeps[key[0]]?.priority { ready[priority]?.append(key) }
        return true
    }

    /// The job stays dead; only its letter goes.
    mutating func dropLetter(_ key: [String]) { letters.removeAll { $0 == key } }

    private mutating func retry(_ key: [String], _ consumesTry: Bool) {
        if consumesTry { jobs[key]?.tries += 1 }
        guard !consumesTry || (jobs[key]?.tries ?? 0) < tries else { return bury(key) }
        jobs[key]?.state = .waiting
        waiting.append(key)
        sweeps[key[0]]?.progress.retried += 1
    }

    private mutating func putBack(_ key: [String]) {
        jobs[key]?.state = .ready
        if let priority = sweeps[key[0]]?.priority { ready[priority]?.insert(key, at: 0) }
    }

    private mutating func bury(_ key: [String]) {
        letters.append(key)
        finish(key, .dead)
    }

    private mutating func finish(_ key: [String], _ state: State) {
        jobs[key]?.state = state
        switch state {
        case .done: sweeps[key[0]]?.progress.done += 1
        case .dead: sweeps[key[0]]?.progress.dead += 1
        default: sweeps[key[0]]?.progress.cancelled += 1
        }
        completeIfOver(key[0])
    }

    private mutating func completeIfOver(_ sweep: String) {
        guard let progress = sweeps[sweep]?.progress, progress.isClosed, progress.remaining == 0 else { return }
        if !progress.isComplete { sweeps[sweep]?.progress.completedAt = 0 }
    }

    private func isStopped(_ key: [String]) -> Bool { sweeps[key[0]]?.progress.isStopped == true }
}
