internal import Benchmarks

/// Run by `ops/bench`, which compares it with other programs; never shipped.
@main
enum BenchCommand {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5, arguments[1] == "calls", let inFlight = Int(arguments[3]), inFlight > 0,
            let calls = Int(arguments[4]), calls > 0
        else { throw Misuse() }
        let benchmark = CallBenchmark(endpoint: arguments[2], inFlight: inFlight, calls: calls)
        print(try await benchmark.run().line)
    }
}

private struct Misuse: Error, CustomStringConvertible {
    var description: String { "usage: scanfleet-bench calls URL IN-FLIGHT CALLS" }
}
