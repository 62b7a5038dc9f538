internal import Glibc
internal import JSON

/// The time and memory that some work took in this process.
package struct Usage: Sendable, Hashable {
    /// How many times the work was done.
    package var calls: Int
    /// Elapsed time, in seconds.
    package var seconds: Double
    /// User and system time of all threads, in seconds.
    package var processorSeconds: Double
    /// The peak resident memory since the process began, in KiB.
    package var peakKiB: Int

    /// One line of JSON, in the form that every benchmark program prints.
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

    /// Measures `work`, which makes `calls` calls.
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

/// `/proc/self/status` does not contain the peak resident memory.
struct UnknownPeak: Error {}
