import ArgumentParser
import EventLoop
import Glibc

/// Runs experiments and prints the table.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the experiments one after the other; exit status 1 where a promise was broken."
    )

    @Option(help: "chooses victims and moments; run n of an experiment uses seed + n") var seed: UInt64 = 1
    @Flag(help: "a small set, within a minute") var short = false
    @Option(help: "only these, by number; may be repeated") var experiment: [String] = []
    @Option(help: "how often the experiments with random kills are run") var runs: Int?

    func run() async throws {
        let verdicts = Shared()
        try await EventLoop.running { [self] loop in
            for plan in Experiment.all where experiment.isEmpty || experiment.contains(plan.number) {
                guard !short || !experiment.isEmpty || plan.isShort else { continue }
                await verdicts.append(verdict(plan, loop))
            }
        }
        let all = await verdicts.all
        printTable(all)
        for verdict in all {
            for note in verdict.notes { print("\(verdict.experiment): \(note)") }
            for failure in verdict.failures { print("BROKEN \(verdict.experiment): \(failure)") }
        }
        guard all.allSatisfy(\.failures.isEmpty), !all.isEmpty else { throw ExitCode.failure }
    }

    private actor Shared {
        var all: [Verdict] = []
        func append(_ verdict: Verdict) { all.append(verdict) }
    }

    private func verdict(_ plan: Experiment, _ loop: EventLoop) async -> Verdict {
        var sum: Verdict?
        let count = plan.isRandom ? (runs ?? (short ? 1 : 10)) : 1
        for number in 0..<count {
            var verdict = Verdict("\(plan.number) \(plan.title)", seed: seed)
            do {
                try await plan.run(
                    &verdict,
                    Experiment.Conditions(seed: seed + UInt64(number), isShort: short, loop: loop)
                )
            } catch {
                verdict.failures.append("seed \(seed + UInt64(number)): \(error)")
            }
            let outcome = verdict.failures.isEmpty ? "ok" : "BROKEN"
            say("\(verdict.experiment) (\(number + 1) of \(count)): \(outcome)")
            if sum == nil { sum = verdict } else { sum?.add(verdict) }
        }
        return sum ?? Verdict(plan.title, seed: seed)
    }

    /// Tells how far it is, beside the table.
    private func say(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        // Nobody may be listening.
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    private func printTable(_ verdicts: [Verdict]) {
        let rows = [Verdict.heading] + verdicts.map(\.row)
        let widths = Verdict.heading.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let cells = zip(row, widths).enumerated().map { number, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return number == 0 ? cell.0 + padding : padding + cell.0
            }
            print(cells.joined(separator: "  "))
        }
    }
}
