package import Domain

/// The data that a report is built from; images come one by one, so that no report needs them all in memory.
package protocol ReportSource: Sendable {
    /// The images of one registry; images of one repository are adjacent.
    associatedtype Images: AsyncSequence where Images.Element == SourceImage

    /// All accounts of the organization, each with its obstacle, if any.
    func accounts() async throws -> [AccountStatus]
    /// All registries of all accounts, each with its obstacle, if any.
    func registries() async throws -> [RegistryStatus]
    /// All repositories of one registry, including those without images.
    func repositories(in registry: Registry) async throws -> [RepositoryStatus]
    /// Every image of one registry, judged or not, in the order of `<repository>@<digest>`.
    func images(in registry: Registry) -> Images
    /// The stored images among these, in no order.
    func images(at places: [ImageReference]) async throws -> [SourceImage]
    /// Passes each image's fingerprint to `take`, in no order: far cheaper than reading the images.
    func fingerprints(in registry: Registry, _ take: (ImageReference, String) -> Void) async throws
    /// The stored details of these vulnerabilities; unknown ones are missing from the result.
    func vulnerabilities(_ ids: [String]) async throws -> [Vulnerability]
    /// The sweeps that the index lists, newest first.
    func sweeps() async throws -> [SweepState]
}

/// An image as a report's source holds it.
package struct SourceImage: Hashable, Sendable {
    /// The image's coverage and findings.
    package var judged: ImageStatus
    /// Differs whenever anything about the image differs.
    package var fingerprint: String

    /// Joins an image with its fingerprint.
    package init(_ judged: ImageStatus, fingerprint: String) {
        self.judged = judged
        self.fingerprint = fingerprint
    }

    var place: ImageReference { judged.image.place }
}
