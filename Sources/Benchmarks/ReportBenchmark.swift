internal import AWSCore
internal import AWSServices
internal import Domain
internal import EventLoop
internal import Glibc
internal import HTTPTransport
internal import Reporting

/// Builds reports of a synthetic organization into a real bucket, as an aggregator does: streamed, signed, in parts.
package struct ReportBenchmark: Sendable {
    /// The URL of an S3 server.
    package var endpoint: String
    /// The organization that is reported.
    package var organization: SyntheticOrganization

    /// Describes one measurement.
    package init(endpoint: String, organization: SyntheticOrganization) {
        self.endpoint = endpoint
        self.organization = organization
    }

    /// The cost of one report.
    package struct Line: Sendable {
        /// The case, such as `1 % of images`.
        package var name: String
        /// The time and memory that the report took.
        package var usage: Usage
        /// How many registries were rebuilt, at least in part.
        package var built: Int
        /// How many images the report contains.
        package var images: Int
    }

    static let bucket = "scanfleet-report"

    /// Builds a full report, then reports of changes in single images and in whole registries.
    ///
    /// - Throws: the error of a call; none is expected.
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

    /// Changes accumulate, because a report is given only the changes since the last one.
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
