package import Domain

/// What a report is made from; images come one by one, so that no report needs them all in memory.
package protocol ReportSource: Sendable {
    /// The images of one registry; those of one repository follow each other.
    associatedtype Images: AsyncSequence where Images.Element == SourceImage

    /// All accounts of the organization, with what keeps the fleet out of them.
    func accounts() async throws -> [AccountStatus]
    /// All registries of all accounts.
    func registries() async throws -> [RegistryStatus]
    /// All repositories of one registry, those without images too.
    func repositories(in registry: Registry) async throws -> [RepositoryStatus]
    /// Every image of one registry, judged or not, in the order of `<repository>@<digest>`.
    func images(in registry: Registry) -> Images
    /// Those of these images that there are, in no order.
    func images(at places: [ImageReference]) async throws -> [SourceImage]
    /// Gives each image's fingerprint, in no order: far cheaper than the images.
    func fingerprints(in registry: Registry, _ take: (ImageReference, String) -> Void) async throws
    /// What is known of these vulnerabilities; unknown ones are absent from the answer.
    func vulnerabilities(_ ids: [String]) async throws -> [Vulnerability]
    /// The sweeps that the report may tell of, newest first.
    func sweeps() async throws -> [SweepState]
}

/// An image as a report's source holds it.
package struct SourceImage: Hashable, Sendable {
    package var judged: ImageStatus
    /// Another wherever anything of the image is.
    package var fingerprint: String

    /// Joins an image with its fingerprint.
    package init(_ judged: ImageStatus, fingerprint: String) {
        self.judged = judged
        self.fingerprint = fingerprint
    }

    var place: ImageReference { judged.image.place }
}
