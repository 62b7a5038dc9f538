package import Domain

/// What a report is made from; images come one by one, so that no report needs them all in memory.
package protocol ReportSource: Sendable {
    /// The images of one registry; those of one repository follow each other.
    associatedtype Images: AsyncSequence where Images.Element == JudgedImage

    /// All accounts of the organization, with what keeps the fleet out of them.
    func accounts() async throws -> [JudgedAccount]
    /// All registries of all accounts.
    func registries() async throws -> [JudgedRegistry]
    /// All repositories of one registry, those without images too.
    func repositories(in registry: Registry) async throws -> [JudgedRepository]
    /// Every image of one registry, judged or not.
    func images(in registry: Registry) -> Images
    /// What is known of these vulnerabilities; unknown ones are absent from the answer.
    func vulnerabilities(_ ids: [String]) async throws -> [Vulnerability]
    /// The sweeps that the report may tell of, newest first.
    func sweeps() async throws -> [SweepState]
}

/// One finished file of the report.
package struct ReportDocument: Sendable {
    /// Below the prefix, such as `123456789012/eu-central-1.json`.
    package var name: String
    /// gzip of UTF-8 JSON.
    package var body: [UInt8]
    /// How long the JSON is before compression, in bytes.
    package var uncompressedBytes: Int

    package static let contentType = "application/json"
    package static let contentEncoding = "gzip"
    /// The files are replaced in place: a browser asks each time, and gets 304 where nothing changed.
    package static let cacheControl = "no-cache"
}

/// Where the documents go; an S3 bucket in the product.
package struct ReportSink: Sendable {
    /// Replaces one document as a whole, so that nobody ever reads half of one.
    package var put: @Sendable (ReportDocument) async throws -> Void

    /// Wraps a way of storing documents.
    package init(put: @escaping @Sendable (ReportDocument) async throws -> Void) { self.put = put }
}
