import AWSServices
import Domain
import Scanning
import Testing

@Suite struct RepositoryContentsTests {
    private typealias Detail = ECR.DescribeImages.ImageDetail
    private let place = RepositoryReference(
        registry: Registry(account: AccountID(rawValue: "123456789012"), region: RegionName(rawValue: "eu-west-1")),
        name: RepositoryName(rawValue: "team/service")
    )

    private func detail(_ digest: String, pushed: Double = 0, _ change: (inout Detail) -> Void = { _ in }) -> Detail {
        var detail = Detail(imageDigest: digest)
        detail.imagePushedAt = pushed
        change(&detail)
        return detail
    }

    @Test func `An index gives its tags to its untagged children and is not status itself`() throws {
        let index = detail("sha256:index") {
            $0.imageTags = ["v1"]
            $0.imageManifestMediaType = "application/vnd.oci.image.index.v1+json"
        }
        let resolved = ResolvedIndex(
            images: [ImageDigest(rawValue: "sha256:child")],
            artifacts: [ImageDigest(rawValue: "sha256:attestation")]
        )
        let contents = RepositoryContents(
            [index, detail("sha256:child"), detail("sha256:attestation")],
            indexes: [ImageDigest(rawValue: "sha256:index"): .resolved(resolved)],
            place: place,
            scope: ImageScope()
        )
        #expect(contents.entries.map(\.image.place.digest.rawValue) == ["sha256:child"])
        #expect(contents.entries.first?.image.tags == ["v1"])
        #expect(contents.artifacts == [.attestation: 1])
    }

    @Test func `An index that cannot be read stands for the images that it hides`() {
        let index = detail("sha256:index") { $0.imageManifestMediaType = "application/vnd.oci.image.index.v1+json" }
        let contents = RepositoryContents([index], indexes: [:], place: place, scope: ImageScope())
        #expect(contents.entries.first?.coverage?.state == .failed)
    }

    @Test func `An index whose images are gone is announced, and so is one of which some are missing`() {
        func index(_ status: String? = nil) -> Detail {
            detail("sha256:index") {
                $0.imageManifestMediaType = "application/vnd.oci.image.index.v1+json"
                $0.imageStatus = status
            }
        }
        let names = ["sha256:a", "sha256:b"].map(ImageDigest.init(rawValue:))
        let observation: [ImageDigest: IndexResolution] = [
            ImageDigest(rawValue: "sha256:index"): .resolved(ResolvedIndex(images: names, artifacts: []))
        ]
        let empty = RepositoryContents([index()], indexes: observation, place: place, scope: ImageScope())
        #expect(empty.entries.first?.coverage?.state == .failed)
        #expect(empty.entries.first?.coverage?.reason == "none of the index's 2 images is in the repository")
        let archived = RepositoryContents([index("ARCHIVED")], indexes: [:], place: place, scope: ImageScope())
        #expect(archived.entries.first?.coverage?.state == .archived)
        let half = RepositoryContents(
            [index(), detail("sha256:a")],
            indexes: observation,
            place: place,
            scope: ImageScope()
        )
        #expect(half.entries.map(\.image.place.digest.rawValue) == ["sha256:a"])
        #expect(half.missingChildren == 1)
        let refused = RepositoryContents(
            [index()],
            indexes: [ImageDigest(rawValue: "sha256:index"): .unreadable("ImageNotFound: gone")],
            place: place,
            scope: ImageScope()
        )
        #expect(refused.entries.first?.coverage?.reason?.contains("ImageNotFound") == true)
    }

    @Test func `An image is an image whatever its tag looks like, whatever it is about and whoever attaches it`() {
        let config = "application/vnd.oci.image.config.v1+json"
        let details = [
            detail("sha256:1") { $0.imageTags = ["sha256-abc.sig"] },
            detail("sha256:2") {
                $0.artifactMediaType = config
                $0.subjectManifestDigest = "sha256:9"
            },
            detail("sha256:3") { $0.imageTags = ["release"] }, detail("sha256:4"), detail("sha256:5"),
            detail("sha256:index") { $0.imageManifestMediaType = "application/vnd.oci.image.index.v1+json" },
        ]
        let attached = ["sha256:3", "sha256:4", "sha256:5"].map(ImageDigest.init(rawValue:))
        let index = ResolvedIndex(images: [attached[1]], artifacts: attached)
        let contents = RepositoryContents(
            details,
            indexes: [ImageDigest(rawValue: "sha256:index"): .resolved(index)],
            place: place,
            scope: ImageScope()
        )
        let names = contents.entries.map { String($0.image.place.digest.rawValue.suffix(1)) }
        #expect(names == ["1", "2", "3", "4"])
        #expect(contents.artifacts == [.attestation: 1])
    }

    @Test func `Signatures, charts and referrers are left out and counted`() {
        let details = [
            detail("sha256:1") {
                $0.imageTags = ["sha256-\(String(repeating: "ab", count: 32)).sig"]
                $0.artifactMediaType = "application/vnd.oci.image.config.v1+json"
            },
            detail("sha256:2") { $0.artifactMediaType = "application/vnd.cncf.helm.config.v1+json" },
            detail("sha256:3") { $0.subjectManifestDigest = "sha256:9" },
            detail("sha256:4") { $0.artifactMediaType = "application/vnd.oci.image.config.v1+json" },
        ]
        let contents = RepositoryContents(details, indexes: [:], place: place, scope: ImageScope())
        #expect(contents.artifacts == [.signature: 1, .chart: 1, .other: 1])
        #expect(contents.entries.map(\.image.place.digest.rawValue) == ["sha256:4"])
    }

    @Test func `The limit keeps the newest and tells how many lie beyond`() {
        let details = (1...5).map { detail("sha256:\($0)", pushed: Double($0)) }
        let contents = RepositoryContents(details, indexes: [:], place: place, scope: ImageScope(limit: 2))
        #expect(contents.entries.map(\.image.place.digest.rawValue) == ["sha256:4", "sha256:5"])
        #expect(contents.beyondLimit == 3)
    }

    @Test func `Tags and their want decide what is in scope, before the limit does, and the rest is counted`() {
        let details = [
            detail("sha256:1", pushed: 1) { $0.imageTags = ["release-1", "latest"] },
            detail("sha256:2", pushed: 2) { $0.imageTags = ["nightly-7"] }, detail("sha256:3", pushed: 3),
            detail("sha256:4", pushed: 4) { $0.imageTags = ["release-2"] },
        ]
        func digests(_ scope: ImageScope) -> [String] {
            RepositoryContents(details, indexes: [:], place: place, scope: scope).entries.map {
                String($0.image.place.digest.rawValue.suffix(1))
            }
        }
        #expect(digests(ImageScope(tags: [Glob("release-*")])) == ["1", "3", "4"])
        #expect(digests(ImageScope(tags: [Glob("release-*")], includesUntagged: false)) == ["1", "4"])
        #expect(digests(ImageScope(includesUntagged: false)) == ["1", "2", "4"])
        #expect(digests(ImageScope(tags: [Glob("release-*"), Glob("n*")], limit: 2)) == ["3", "4"])
        let scope = ImageScope(tags: [Glob("release-*")], includesUntagged: false, limit: 1)
        let contents = RepositoryContents(details, indexes: [:], place: place, scope: scope)
        #expect(contents.outOfScope == 2)
        #expect(contents.beyondLimit == 1)
    }

    @Test func `An archived image is listed as archived`() {
        let contents = RepositoryContents(
            [detail("sha256:1") { $0.imageStatus = "ARCHIVED" }],
            indexes: [:],
            place: place,
            scope: ImageScope()
        )
        #expect(contents.entries.first?.coverage?.state == .archived)
    }

    @Test func `Attestations are announced from images in a buildx index`() throws {
        let manifest = """
            {"manifests":[{"digest":"sha256:a","platform":{"architecture":"amd64","os":"linux"}},
            {"digest":"sha256:b","platform":{"architecture":"unknown","os":"unknown"},
            "annotations":{"vnd.docker.reference.type":"attestation-manifest"}}]}
            """
        let resolved = try IndexManifest(manifest: manifest).resolved
        #expect(resolved.images.map(\.rawValue) == ["sha256:a"])
        #expect(resolved.artifacts.map(\.rawValue) == ["sha256:b"])
    }
}
