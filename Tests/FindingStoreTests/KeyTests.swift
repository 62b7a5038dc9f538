import Domain
import StoreTestSupport
import Testing

@testable import FindingStore

@Suite struct KeyTests {
    let place = StoreSample.place("abc")

    @Test func `The layout is what other programs may rely on`() {
        #expect(Key.image(place) == Key(partition: "111122223333/eu-west-1", sort: "team/app@sha256:abc"))
        #expect(
            Key.repository(place.repository) == Key(partition: "repositories/111122223333/eu-west-1", sort: "team/app")
        )
        #expect(Key.registry(StoreSample.registry) == Key(partition: "registries", sort: "111122223333/eu-west-1"))
        #expect(Key.account(StoreSample.registry.account) == Key(partition: "accounts", sort: "111122223333"))
        #expect(Key.vulnerability("CVE-1") == Key(partition: "vulnerability/CVE-1", sort: "-"))
    }

    @Test func `A key names its image, and so does the key of a part`() {
        #expect(Key.image(place).imagePlace == place)
        let part = Key.image(place).part(12, of: "0123456789abcdef0123")
        #expect(part.isPart)
        #expect(part.imagePlace == place)
        #expect(part.mainKey == Key.image(place))
        #expect(!Key.image(place).isPart)
    }

    @Test func `No other item is taken for an image`() {
        let others: [Key] = [
            .repository(place.repository), .registry(place.repository.registry),
            .account(place.repository.registry.account), .vulnerability("CVE-1"), .vulnerability("111122223333/x@y"),
        ]
        for key in others { #expect(key.imagePlace == nil, "\(key)") }
    }

    @Test func `Parts of other content have other keys`() {
        let key = Key.image(place)
        #expect(key.part(1, of: "aaaaaaaaaaaaaaaaaaaa") != key.part(1, of: "bbbbbbbbbbbbbbbbbbbb"))
    }
}

@Suite struct ContentTests {
    @Test func `Findings come back as they were`() throws {
        let findings = [
            StoreSample.finding("CVE-1", .critical),
            Finding(
                key: .init(vulnerability: "GHSA-\"x\"", package: "", version: ""),
                severity: .init(rawValue: "NEW")
            ),
            Finding(
                key: .init(vulnerability: "CVE-2", package: "ü\n", version: "1:2"),
                severity: .untriaged,
                fixedVersion: "",
                score: 9.8
            ),
            Finding(key: .init(vulnerability: "CVE-3", package: "p", version: "1"), severity: .low, score: 0),
        ]
        #expect(try FindingCodec.decode(FindingCodec.encode(findings)) == findings)
    }

    @Test func `Real-sized findings are small`() throws {
        let findings = (0..<1200).map {
            StoreSample.finding("CVE-2026-\(10_000 + $0)", package: "libpackage\($0 % 90)")
        }
        #expect(try FindingCodec.encode(findings).count < 20_000)
    }

    @Test func `Damaged rows are refused`() throws {
        #expect(throws: (any Error).self) { try FindingCodec.decode([1, 2, 3]) }
    }

    @Test func `The fingerprint changes with everything that is stored, and with nothing else`() {
        let image = StoreSample.image("a", [StoreSample.finding("CVE-1")])
        var variants = [image]
        func vary(_ change: (inout ImageStatus) -> Void) {
            var copy = image
            change(&copy)
            variants.append(copy)
        }
        vary { $0.image.tags = ["2.0"] }
        vary { $0.image.tags = ["1.0", ""] }
        vary { $0.image.pushedAt = nil }
        vary { $0.coverage.at = 2 }
        vary { $0.coverage.reason = "why" }
        vary { $0.coverage.state = .failed }
        vary { $0.counts = nil }
        vary { $0.counts = [:] }
        vary { $0.findings[0].severity = .low }
        vary { $0.findings[0].score = 0 }
        vary { $0.findings[0].fixedVersion = "" }
        vary { $0.findings = [] }
        #expect(Set(variants.map(Fingerprint.of)).count == variants.count)
        var moved = image
        moved.image.place = StoreSample.place("b")
        #expect(Fingerprint.of(moved) == Fingerprint.of(image))
        var other = image
        other.counts = Dictionary(uniqueKeysWithValues: [(Severity.high, 1)])
        #expect(Fingerprint.of(other) == Fingerprint.of(image))
    }
}
