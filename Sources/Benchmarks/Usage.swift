internal import Glibc
internal import JSON

/// What a stretch of work cost this process.
package struct Usage: Sendable, Hashable {
    /// How often the work was done.
    package var calls: Int
    /// By the wall's clock.
    package var seconds: Double
    /// User and system time of all threads, in seconds.
    package var processorSeconds: Double
    /// The most memory that was ever resident, since the process began, in KiB.
    package var peakKiB: Int

    /// One line of JSON, as every program of the benchmark prints it.
    package var line: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("calls")
        writer.number(calls)
        writer.key("seconds")
        writer.number(seconds)
        writer.key("cpu")
        writer.number(processorSeconds)
        writer.key("peak_kib")
        writer.number(peakKiB)
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Measures `work`, which does something `calls` times.
    static func measure(_ calls: Int, _ work: () async throws -> Void) async throws -> Usage {
        let (began, spent) = (ContinuousClock.now, processorSeconds())
        try await work()
        return Usage(
            calls: calls,
            seconds: (ContinuousClock.now - began) / .seconds(1),
            processorSeconds: processorSeconds() - spent,
            peakKiB: try peakKiB()
        )
    }

    private static func processorSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        return Double(seconds) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1_000_000
    }

    /// From /proc, since `ru_maxrss` counts the parent's memory before exec too.
    private static func peakKiB() throws -> Int {
        guard let file = fopen("/proc/self/status", "r") else { throw UnknownPeak() }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            guard text.hasPrefix("VmHWM:") else { continue }
            if let size = Int(text.filter(\.isNumber)) { return size }
        }
        throw UnknownPeak()
    }
}

/// The kernel does not say how much memory was resident.
struct UnknownPeak: Error {}
