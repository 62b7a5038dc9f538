internal import Benchmarks

/// Run by `ops/bench`, which compares it with other programs; never shipped.
@main
enum BenchCommand {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch (arguments.first, arguments.dropFirst().first, arguments.dropFirst(2).compactMap { Int($0) }) {
        case ("calls", let url?, let numbers) where numbers.count == 2 && numbers.allSatisfy { $0 > 0 }:
            let benchmark = CallBenchmark(endpoint: url, inFlight: numbers[0], calls: numbers[1])
            print(try await benchmark.run().line)
        case ("report", let url?, let numbers) where numbers.count == 3 && numbers.allSatisfy { $0 > 0 }:
            let organization = SyntheticOrganization(
                images: numbers[0],
                findingsPerImage: numbers[1],
                registryCount: numbers[2]
            )
            try await ReportBenchmark(endpoint: url, organization: organization).run { line in
                print("\(line.name)\t\(line.built)\t\(line.images)\t\(line.usage.line)")
            }
        case ("changes", let url?, let numbers) where numbers.count == 1 && numbers[0] > 0:
            let benchmark = ChangeBenchmark(endpoint: url, table: "scanfleet", changes: numbers[0])
            try await benchmark.run { id, at in print("\(id)\t\(at)") }
        case ("race", let url?, let numbers) where numbers.count == 2 && numbers.allSatisfy { $0 > 0 }:
            let race = ReportRace(endpoint: url, prefix: "race/", number: numbers[0], rounds: numbers[1])
            print(try await race.run().rawValue)
        default: throw Misuse()
        }
    }
}

private struct Misuse: Error, CustomStringConvertible {
    var description: String {
        """
        usage: scanfleet-bench calls URL IN-FLIGHT CALLS
               | report URL IMAGES FINDINGS-PER-IMAGE REGISTRIES | changes URL COUNT
               | race URL LEADERSHIP ROUNDS
        """
    }
}
