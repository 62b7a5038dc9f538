/// Decides which transfers may use a connection; the next is the oldest one whose host is below its limit.
struct ConnectionQueue {
    private struct Host {
        var running = 0
        var waiting: [TransferID] = []
    }

    private let maximum: Int
    private let maximumPerHost: Int
    private var running = 0
    private var waiting = 0
    private var hosts: [String: Host] = [:]

    init(maximum: Int, maximumPerHost: Int) {
        self.maximum = maximum
        self.maximumPerHost = maximumPerHost
    }

    /// Takes a connection; false queues the transfer instead.
    mutating func admit(_ id: TransferID, to name: String) -> Bool {
        guard running < maximum, hosts[name, default: Host()].running < maximumPerHost else {
            hosts[name, default: Host()].waiting.append(id)
            waiting += 1
            return false
        }
        occupy(name)
        return true
    }

    /// Removes a transfer from the queue.
    mutating func withdraw(_ id: TransferID, from name: String) {
        guard let index = hosts[name]?.waiting.firstIndex(of: id) else { return }
        hosts[name]?.waiting.remove(at: index)
        waiting -= 1
        forgetIfIdle(name)
    }

    /// Gives a connection back.
    mutating func release(_ name: String) {
        hosts[name]?.running -= 1
        running -= 1
        forgetIfIdle(name)
    }

    /// Gives a free connection to the oldest waiting transfer; nil when none waits whose host is below its limit.
    mutating func next() -> TransferID? {
        guard waiting > 0, running < maximum else { return nil }
        let candidates = hosts.compactMap { name, host -> (name: String, id: TransferID)? in
            guard host.running < maximumPerHost, let id = host.waiting.first else { return nil }
            return (name, id)
        }
        guard let chosen = candidates.min(by: { $0.id < $1.id }) else { return nil }
        hosts[chosen.name]?.waiting.removeFirst()
        waiting -= 1
        occupy(chosen.name)
        return chosen.id
    }

    private mutating func occupy(_ name: String) {
        hosts[name, default: Host()].running += 1
        running += 1
    }

    private mutating func forgetIfIdle(_ name: String) {
        guard let host = hosts[name], host.running == 0, host.waiting.isEmpty else { return }
        hosts[name] = nil
    }
}
