import Support
import Testing

/// Attempts that are repeated with growing waits.
@Suite struct BackoffTests {
    private struct Failure: Error, Equatable { var attempt: Int }

    @Test func `Repeats until it succeeds, and waits below the growing ceiling`() async throws {
        let backoff = Backoff(base: .milliseconds(100), cap: .milliseconds(300))
        var (attempts, waits, judged) = (0, [Duration](), [Int]())
        let answer = try await backoff.retrying(
            sleep: { waits.append($0) },
            while: { _, attempt in
                judged.append(attempt)
                return true
            },
            operation: {
                attempts += 1
                guard attempts > 4 else { throw Failure(attempt: attempts) }
                return "done"
            }
        )
        #expect(answer == "done")
        #expect(judged == [1, 2, 3, 4])
        let ceilings = [100, 200, 300, 300].map(Duration.milliseconds)
        #expect(waits.count == 4 && zip(waits, ceilings).allSatisfy { $0 >= .zero && $0 <= $1 })
    }

    @Test func `Throws the failure that is worth no other attempt, without waiting`() async {
        var (attempts, waits) = (0, 0)
        await #expect(throws: Failure(attempt: 3)) {
            try await Backoff().retrying(
                sleep: { _ in waits += 1 },
                while: { $1 < 3 },
                operation: {
                    attempts += 1
                    throw Failure(attempt: attempts)
                }
            )
        }
        #expect(waits == 2)
    }
}
