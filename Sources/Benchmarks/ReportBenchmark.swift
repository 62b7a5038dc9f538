internal import AWSCore
internal import AWSServices
internal import Domain
internal import EventLoop
internal import Glibc
internal import HTTPTransport
internal import Reporting

/// Builds reports of a synthetic organization into a real bucket, as an aggregator does: streamed, signed, in parts.
package struct ReportBenchmark: Sendable {
    /// Where an S3 answers.
    package var endpoint: String
    package var organization: SyntheticOrganization

    /// Describes one measurement.
    package init(endpoint: String, organization: SyntheticOrganization) {
        self.endpoint = endpoint
        self.organization = organization
    }

    /// One report's costs.
    package struct Line: Sendable {
        package var name: String
        package var usage: Usage
        package var built: Int
        package var images: Int
    }

    static let bucket = "scanfleet-report"

    /// Builds everything, then what changed: in images of every registry, and in whole registries.
    ///
    /// - Throws: what a call throws; none is expected to.
    package func run(_ tell: (Line) -> Void) async throws {
        let loop = try EventLoop()
        let transport = try CurlTransport(loop: loop)
        let storage = S3ReportStorage(
            client: try SimulatedAccount.client(of: endpoint, over: transport, on: loop),
            bucket: Self.bucket,
            prefix: "bench/\(organization.images)/",
            number: 1
        )
        try await withTaskExecutorPreference(loop) {
            try await reports(into: storage, tell)
            await transport.shutdown()
        }
        loop.shutdown()
    }

    /// What is changed once stays so, because a report is told only of what changed since the last.
    private func reports(into storage: S3ReportStorage, _ tell: (Line) -> Void) async throws {
        var organization = organization
        let all = organization.all
        tell(try await report("everything, first", organization, .everything, into: storage))
        tell(try await report("nothing", organization, .nothing, into: storage))
        organization.changedEvery = 100
        let spread = ReportScope(images: organization.changedImages)
        tell(try await report("1 % of images", organization, spread, into: storage))
        for (name, share) in [("1 % of registries", 1), ("10 % of registries", 10)] {
            organization.changedRegistries = Set(all.prefix((all.count * share + 99) / 100))
            let changed = Self.whole(organization.changedRegistries)
            tell(try await report(name, organization, changed, into: storage))
        }
        tell(try await report("everything, again", organization, Self.whole(Set(all)), into: storage))
        tell(try await report("compared", organization, .everything, into: storage))
    }

    private static func whole(_ registries: Set<Registry>) -> ReportScope {
        .registries(Dictionary(uniqueKeysWithValues: registries.map { ($0, .whole) }))
    }

    private func report(
        _ name: String,
        _ organization: SyntheticOrganization,
        _ changed: ReportScope,
        into storage: S3ReportStorage
    ) async throws -> Line {
        let builder = ReportBuilder(source: organization, storage: storage, organization: "bench") {
            Double(time(nil))
        }
        var summary = ReportSummary()
        let usage = try await Usage.measure(1) { summary = try await builder.publish(changed) }
        return Line(name: name, usage: usage, built: summary.built, images: summary.images)
    }
}
