import AWSCore
import AWSServices
import AWSTestSupport
import Foundation
import HTTPTransport
import TestSupport
import Testing

/// Answers of our own making in every form that `RealAnswerTests` reads, for clones without the recorded ones.
@Suite struct OwnAnswerTests {
    // MARK: Findings

    @Test func `A basic scan of 40 findings`() throws {
        let answer = try findings(WireForm.ofCLI(file("basic/large.json")))
        let scan = try #require(answer.imageScanFindings)
        let found = try #require(scan.findings)
        #expect(answer.imageScanStatus?.status == "COMPLETE")
        #expect(found.count == 40)
        #expect(scan.findingSeverityCounts == counted(found.map(\.severity)))
        #expect(Set(found.compactMap(\.name)).count == 38)
        #expect(found.count { $0.description == nil } == 3)
        #expect(
            found.count { finding in !(finding.attributes ?? []).contains { $0.key?.hasPrefix("CVSS") ?? false } } == 5
        )
        #expect(found.allSatisfy { finding in (finding.attributes ?? []).contains { $0.key == "package_name" } })
        #expect(scan.imageScanCompletedAt == 4_076_032_530)
        #expect(scan.vulnerabilitySourceUpdatedAt == 4_076_002_800)
        #expect(scan.enhancedFindings == nil)
        #expect(answer.nextToken == nil)
    }

    @Test func `A basic scan in wire form`() throws {
        let answer = try findings(bytes("basic/one.json"))
        #expect(answer.imageScanFindings?.findings?.map(\.name) == ["CVE-2099-00100"])
        #expect(answer.imageScanFindings?.findingSeverityCounts == ["MEDIUM": 1])
        #expect(answer.imageScanFindings?.imageScanCompletedAt == 4_075_000_530)
        #expect(answer.imageScanFindings?.vulnerabilitySourceUpdatedAt == 4_074_980_400.5)
    }

    @Test func `Counts that contradict the findings are read as they are`() throws {
        let answer = try findings(bytes("contradictory/counts.json"))
        #expect(answer.imageScanFindings?.findings?.count == 3)
        #expect(answer.imageScanFindings?.findingSeverityCounts == ["MEDIUM": 1])
    }

    @Test func `An enhanced scan`() throws {
        let answer = try findings(bytes("enhanced/two.json"))
        let scan = try #require(answer.imageScanFindings)
        let found = try #require(scan.enhancedFindings)
        #expect(scan.findingSeverityCounts == counted(found.map(\.severity)))
        #expect(scan.findingSeverityCounts == ["MEDIUM": 1, "UNTRIAGED": 1])
        #expect(scan.findings == nil)
        let first = try #require(found.first)
        #expect(first.title == "CVE-2099-00200 - brookd")
        #expect(first.score == 6.5)
        let details = try #require(first.packageVulnerabilityDetails)
        #expect(details.vulnerabilityId == "CVE-2099-00200")
        #expect(details.cvss?.first?.baseScore == 6.5)
        #expect(details.vulnerablePackages?.map(\.name) == ["brookd"])
        #expect(details.vulnerablePackages?.first?.fixedInVersion == "NotAvailable")
        #expect(found.last?.score == nil)
        #expect(found.last?.packageVulnerabilityDetails?.cvss == [])
    }

    @Test func `An enhanced scan without findings holds an empty list`() throws {
        let answer = try findings(bytes("enhanced/empty.json"))
        #expect(answer.imageScanStatus?.status == "ACTIVE")
        #expect(answer.imageScanStatus?.description == "Continuous scan is selected for image.")
        #expect(answer.imageScanFindings?.findings == [])
        #expect(answer.imageScanFindings?.enhancedFindings == nil)
    }

    // MARK: Listings

    @Test func `Listings of images of every kind`() throws {
        let first = try decoded("DescribeImages_1", as: ECR.DescribeImages.self)
        let second = try decoded("DescribeImages_2", as: ECR.DescribeImages.self)
        #expect(ECR.DescribeImages.nextToken(in: first) == "page-2")
        #expect(ECR.DescribeImages.nextToken(in: second) == nil)
        let images = (first.imageDetails ?? []) + (second.imageDetails ?? [])
        #expect(images.count == 7)
        #expect(
            images.allSatisfy { ($0.imageDigest?.hasPrefix("sha256:") ?? false) && ($0.imagePushedAt ?? 0) > 4e9 }
        )
        #expect(
            images.map { $0.imageTags ?? [] } == [["7.1", "latest"], ["7.0"], [], ["arm64"], ["index"], [], ["6.9"]]
        )
        let states = images.map { $0.imageScanStatus?.status }
        #expect(states == ["COMPLETE", "COMPLETE", "COMPLETE", "FAILED", nil, nil, "PENDING"])
        #expect(images[4].imageManifestMediaType == "application/vnd.oci.image.index.v1+json")
    }

    @Test func `Listings of repositories, one of them empty`() throws {
        let full = try decoded("DescribeRepositories_1", as: ECR.DescribeRepositories.self)
        let empty = try decoded("DescribeRepositories_2", as: ECR.DescribeRepositories.self)
        #expect(full.repositories?.map(\.repositoryName) == ["meadow/api", "meadow/web", "brook"])
        #expect(full.repositories?.map(\.createdAt) == [4_060_000_000, 4_060_000_001, 4_060_000_002])
        #expect(empty.repositories == [])
    }

    @Test func `A scan that was started`() throws {
        let answer = try decoded("StartImageScan_1", as: ECR.StartImageScan.self)
        #expect(answer.imageScanStatus?.status == "IN_PROGRESS")
        #expect(answer.imageId?.imageTag == "3")
    }

    // MARK: Files

    private func file(_ path: String) -> URL { OwnAnswers.directory.appending(path: path) }

    private func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: file(path))) }

    private func findings(_ body: [UInt8]) throws -> ECR.DescribeImageScanFindings.Response {
        try ECR.DescribeImageScanFindings.decode(HTTPResponse(status: 200, body: body))
    }

    /// The answer in wire form, which its recording has to equal.
    private func decoded<Call: ECROperation>(_ name: String, as call: Call.Type) throws -> Call.Response
    where Call.Response: Equatable {
        let answer = try Call.decode(HTTPResponse(status: 200, body: bytes("wire/\(name).json")))
        let recording = try WireForm.ofPlacebo(file("recorded/\(name).json"))
        #expect(try Call.decode(HTTPResponse(status: 200, body: recording)) == answer, "\(name)")
        return answer
    }

    private func counted(_ severities: [String?]) -> [String: Int] {
        severities.reduce(into: [:]) { $0[$1 ?? "", default: 0] += 1 }
    }
}
