internal import Domain
internal import EventLoop
internal import HTTPTransport
internal import Reporting
internal import Support

/// One of several writers of the same report: publishes repeatedly until a newer writer has taken over.
package struct ReportRace: Sendable {
    /// The URL of an S3 server.
    package var endpoint: String
    /// The prefix of the report in its bucket.
    package var prefix: String
    /// The leader's number that this writer claims; the greatest wins.
    package var number: Int
    /// How many reports the writer publishes.
    package var rounds: Int

    /// Describes one writer.
    package init(endpoint: String, prefix: String, number: Int, rounds: Int) {
        self.endpoint = endpoint
        self.prefix = prefix
        self.number = number
        self.rounds = rounds
    }

    /// How a writer ended.
    package enum Outcome: String, Sendable {
        case finished
        /// A newer writer has taken over.
        case stale
    }

    /// The report's time, in seconds since 1970; equal for all writers, so that only the published states differ in
    /// their files.
    private static let now: Double = 1_764_000_000

    /// Publishes two states of one organization in turn, the first one last; transient failures are retried.
    ///
    /// - Throws: an error that a retry cannot help.
    package func run() async throws -> Outcome {
        let loop = try EventLoop()
        let transport = try CurlTransport(loop: loop)
        let storage = S3ReportStorage(
            client: try SimulatedAccount.client(of: endpoint, over: transport, on: loop),
            bucket: ReportBenchmark.bucket,
            prefix: prefix,
            number: number
        )
        let outcome = try await withTaskExecutorPreference(loop) {
            for round in (0..<rounds).reversed() {
                guard try await publish(isChanged: round % 2 == 1, into: storage) else { return Outcome.stale }
            }
            return Outcome.finished
        }
        await transport.shutdown()
        loop.shutdown()
        return outcome
    }

    private func publish(isChanged: Bool, into storage: S3ReportStorage) async throws -> Bool {
        var organization = SyntheticOrganization(images: 60, findingsPerImage: 30, registryCount: 6)
        organization.changedEvery = 3
        let scope = ReportScope(images: organization.changedImages)
        if !isChanged { organization.changedEvery = nil }
        let builder = ReportBuilder(source: organization, storage: storage, organization: "leader \(number)") {
            Self.now
        }
        while true {
            do {
                _ = try await builder.publish(scope)
                return true
            } catch ReportStorageError.stale {
                return false
            } catch let error where error.dispositionOrPermanent.isRetryable {
                continue
            }
        }
    }
}
