internal import Redis

/// The scripts, each named like its file in Scripts/, which begins with the script's contract.
enum QueueScript {
    static let open = compose("open", PackageResources.open_lua)
    static let enqueue = compose("enqueue", PackageResources.enqueue_lua)
    static let close = compose("close", PackageResources.close_lua)
    static let cancel = compose("cancel", PackageResources.cancel_lua)
    static let claim = compose("claim", PackageResources.claim_lua)
    static let beat = compose("beat", PackageResources.beat_lua)
    static let settle = compose("settle", PackageResources.settle_lua)
    static let replay = compose("replay", PackageResources.replay_lua)
    static let drop = compose("drop", PackageResources.drop_lua)
    static let lead = compose("lead", PackageResources.lead_lua)
    static let resign = compose("resign", PackageResources.resign_lua)
    static let take = compose("take", PackageResources.take_lua)
    static let penalize = compose("penalize", PackageResources.penalize_lua)
    static let rates = compose("rates", PackageResources.rates_lua)
    static let sweep = compose("sweep", PackageResources.sweep_lua)
    static let snapshot = compose("snapshot", PackageResources.snapshot_lua)

    /// Every script, for tests.
    static let all = [
        open, enqueue, close, cancel, claim, beat, settle, replay, drop, lead, resign, take, penalize, rates, sweep,
        snapshot,
    ]

    private static let shared = [
        "clock": PackageResources.shared_clock_lua,
        "jobs": PackageResources.shared_jobs_lua,
        "buckets": PackageResources.shared_buckets_lua,
        "fence": PackageResources.shared_fence_lua,
        "limiter": PackageResources.shared_limiter_lua,
    ]

    /// Inserts the shared pieces that the script's line `-- Shares: …` names behind its first line, from which the
    /// server reads the script's flags.
    private static func compose(_ name: String, _ bytes: [UInt8]) -> RedisScript {
        let lines = text(bytes).split(separator: "\n", omittingEmptySubsequences: false)
        let pieces = lines.first { $0.hasPrefix(sharesMark) }
            .map { $0.dropFirst(sharesMark.count).split { ", .".contains($0) }.map(String.init) }
        let prelude = (pieces ?? []).compactMap { shared[$0] }.map(text)
        let source = lines.prefix(1).map(String.init) + prelude + lines.dropFirst().map(String.init)
        return RedisScript(name: name, source: source.joined(separator: "\n"))
    }

    private static let sharesMark = "-- Shares: "

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
