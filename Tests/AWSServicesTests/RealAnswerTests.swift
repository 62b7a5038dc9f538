import AWSCore
import AWSServices
import AWSTestSupport
import Foundation
import HTTPTransport
import TestSupport
import Testing

/// Answers that AWS gave to others, with the numbers they carry themselves as the measure.
///
/// Not read here: Security Hub's and Inspector's own answers, EventBridge's events and `ListImages`, which no call of ours asks for.
@Suite(.requiresSharedData) struct RealAnswerTests {
    // MARK: Findings

    @Test func `A basic scan of 257 findings`() throws {
        let answer = try findings(WireForm.ofCLI(file("basic/cultureamp-example-b.json")))
        let scan = try #require(answer.imageScanFindings)
        let found = try #require(scan.findings)
        #expect(answer.imageScanStatus?.status == "COMPLETE")
        #expect(found.count == 257)
        #expect(scan.findingSeverityCounts == counted(found.map(\.severity)))
        #expect(Set(found.compactMap(\.name)).count == 253)
        #expect(found.count { $0.description == nil } == 16)
        #expect(
            found.count { finding in !(finding.attributes ?? []).contains { $0.key?.hasPrefix("CVSS") ?? false } } == 19
        )
        #expect(found.allSatisfy { finding in (finding.attributes ?? []).contains { $0.key == "package_name" } })
        #expect(scan.imageScanCompletedAt != nil)
        #expect(scan.enhancedFindings == nil)
        #expect(answer.nextToken == nil)
    }

    @Test func `AWS' own example, in wire form as it stands`() throws {
        let answer = try findings(Array(Data(contentsOf: file("basic/awscli-official-example.json"))))
        #expect(answer.imageScanFindings?.findings?.map(\.name) == ["CVE-2019-5188"])
        #expect(answer.imageScanFindings?.findingSeverityCounts == ["MEDIUM": 1])
        #expect(answer.imageScanFindings?.imageScanCompletedAt == 1_579_839_105)
        #expect(answer.imageScanFindings?.vulnerabilitySourceUpdatedAt == 1_579_811_117)
    }

    @Test func `An example whose counts are wrong on purpose is read as it is`() throws {
        let answer = try findings(WireForm.ofCLI(file("basic/cultureamp-example-a.json")))
        #expect(answer.imageScanFindings?.findings?.count == 3)
        #expect(answer.imageScanFindings?.findingSeverityCounts == ["MEDIUM": 1])
    }

    @Test func `An enhanced scan`() throws {
        let answer = try findings(Array(Data(contentsOf: file("enhanced/moto-enhanced-example.json"))))
        let scan = try #require(answer.imageScanFindings)
        let found = try #require(scan.enhancedFindings)
        #expect(scan.findingSeverityCounts == counted(found.map(\.severity)))
        #expect(scan.findingSeverityCounts == ["MEDIUM": 1, "UNTRIAGED": 1])
        #expect(scan.findings == nil)
        let first = try #require(found.first)
        #expect(first.title == "CVE-2024-9681 - curl")
        #expect(first.score == 6.5)
        let details = try #require(first.packageVulnerabilityDetails)
        #expect(details.vulnerabilityId == "CVE-2024-9681")
        #expect(details.cvss?.first?.baseScore == 6.5)
        #expect(details.vulnerablePackages?.map(\.name) == ["curl"])
        #expect(details.vulnerablePackages?.first?.fixedInVersion == "NotAvailable")
        #expect(found.last?.packageVulnerabilityDetails?.cvss == [])
    }

    @Test func `An enhanced scan asked for by an old client holds an empty list`() throws {
        let answer = try findings(
            Array(Data(contentsOf: file("enhanced/awscli-issue-6759-active-continuous-empty.json")))
        )
        #expect(answer.imageScanStatus?.status == "ACTIVE")
        #expect(answer.imageScanStatus?.description == "Continuous scan is selected for image.")
        #expect(answer.imageScanFindings?.findings == [])
        #expect(answer.imageScanFindings?.enhancedFindings == nil)
    }

    // MARK: Listings

    @Test func `Every recorded listing of images`() throws {
        var images: [ECR.DescribeImages.ImageDetail] = []
        for name in try recordings("DescribeImages") {
            let wire = try file("wire/\(name)")
            let answer = try ECR.DescribeImages.decode(HTTPResponse(status: 200, body: Array(Data(contentsOf: wire))))
            #expect(answer.imageDetails?.count == (try elements("imageDetails", in: wire)).count)
            #expect(try answer == decodedPlacebo(name, as: ECR.DescribeImages.self), "\(name)")
            images += answer.imageDetails ?? []
        }
        #expect(images.count == 37)
        #expect(
            images.allSatisfy { ($0.imageDigest?.hasPrefix("sha256:") ?? false) && ($0.imagePushedAt ?? 0) > 1.5e9 }
        )
        let scanned = images.filter { $0.imageScanStatus?.status == "COMPLETE" }
        #expect(scanned.count == 32)
    }

    @Test func `A listing with a page after it`() throws {
        let body = Array(try Data(contentsOf: file("describe-images/nationalarchives-describe_images_response.json")))
        let answer = try ECR.DescribeImages.decode(HTTPResponse(status: 200, body: body))
        #expect(answer.imageDetails?.count == 1)
        #expect(ECR.DescribeImages.nextToken(in: answer) == "string")
    }

    @Test func `Every recorded listing of repositories`() throws {
        var repositories = 0
        for name in try recordings("DescribeRepositories") {
            let wire = try file("wire/\(name)")
            let body = Array(try Data(contentsOf: wire))
            let answer = try ECR.DescribeRepositories.decode(HTTPResponse(status: 200, body: body))
            let names = try elements("repositories", in: wire).map { $0["repositoryName"] as? String }
            #expect(answer.repositories?.map(\.repositoryName) == names)
            #expect(answer.repositories?.allSatisfy { ($0.createdAt ?? 0) > 1.5e9 } ?? false)
            #expect(try answer == decodedPlacebo(name, as: ECR.DescribeRepositories.self), "\(name)")
            repositories += names.count
        }
        #expect(repositories == 12)
    }

    @Test func `A scan that was started`() throws {
        let name = "composex-api.ecr.StartImageScan_1.json"
        let body = Array(try Data(contentsOf: file("wire/\(name)")))
        let answer = try ECR.StartImageScan.decode(HTTPResponse(status: 200, body: body))
        #expect(answer.imageScanStatus?.status == "IN_PROGRESS")
        #expect(answer.imageId?.imageTag == "3.7.20210702-amd64")
        #expect(try answer == decodedPlacebo(name, as: ECR.StartImageScan.self))
    }

    // MARK: Files

    private func file(_ path: String) throws -> URL {
        try #require(SharedData.directory).appending(path: "ecr/\(path)")
    }

    private func findings(_ body: [UInt8]) throws -> ECR.DescribeImageScanFindings.Response {
        try ECR.DescribeImageScanFindings.decode(HTTPResponse(status: 200, body: body))
    }

    private func decodedPlacebo<Call: ECROperation>(_ name: String, as call: Call.Type) throws -> Call.Response {
        try Call.decode(HTTPResponse(status: 200, body: WireForm.ofPlacebo(file("describe-images/\(name)"))))
    }

    private func recordings(_ call: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: file("wire").path).filter { $0.contains(".\(call)_") }
            .sorted()
    }

    private func elements(_ key: String, in file: URL) throws -> [[String: Any]] {
        try #require((WireForm.object(file) as? [String: Any])?[key] as? [[String: Any]])
    }

    private func counted(_ severities: [String?]) -> [String: Int] {
        severities.reduce(into: [:]) { $0[$1 ?? "", default: 0] += 1 }
    }
}
