import Domain
import Testing

/// The spellings of places: what is stored and sent must not change.
@Suite struct ReferenceFormatsTests {
    private let registry = Registry(
        account: AccountID(rawValue: "111122223333"),
        region: RegionName(rawValue: "eu-central-1")
    )

    @Test func `Prints every spelling`() {
        let repository = RepositoryReference(registry: registry, name: RepositoryName(rawValue: "team/service"))
        let image = ImageReference(repository: repository, digest: ImageDigest(rawValue: "sha256:aa"))
        #expect("\(registry)" == "111122223333/eu-central-1")
        #expect(registry.bucket == "111122223333:eu-central-1")
        #expect("\(repository)" == "111122223333/eu-central-1/team/service")
        #expect("\(image)" == "111122223333/eu-central-1/team/service@sha256:aa")
    }

    @Test func `Reads back what it prints`() {
        let repository = RepositoryReference(registry: registry, name: RepositoryName(rawValue: "team/service"))
        #expect(Registry(registry.description) == registry)
        #expect(RepositoryReference(repository.description) == repository)
    }

    @Test(arguments: ["", "1", "1/", "/r", "1/r/", "1/r/x", "1:r", "//"])
    func `Text of another form is no registry`(text: String) { #expect(Registry(text) == nil) }

    @Test(arguments: ["", "1/r", "1/r/", "/r/x", "1//x", "1:r:x"])
    func `Text of another form is no repository`(text: String) { #expect(RepositoryReference(text) == nil) }
}
