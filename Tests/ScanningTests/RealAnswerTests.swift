import AWSServices
import AWSTestSupport
import Domain
import Foundation
import HTTPTransport
import Scanning
import TestSupport
import Testing

/// Every real answer about findings, through the decoder and the model; the counts are the answer's own.
@Suite(.requiresSharedData) struct RealAnswerTests {
    private func folder(_ name: String) throws -> [URL] {
        let directory = try #require(SharedData.directory).appending(path: "ecr/\(name)")
        return try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }
    }

    private func page(_ file: URL) throws -> ECR.DescribeImageScanFindings.Response {
        try ECR.DescribeImageScanFindings.decode(HTTPResponse(status: 200, body: try WireForm.ofCLI(file)))
    }

    @Test(arguments: ["basic", "enhanced"]) func `The model holds what the answer counts`(kind: String) throws {
        let files = try folder(kind)
        #expect(!files.isEmpty)
        for file in files {
            let page = try page(file)
            var translated = TranslatedFindings()
            translated.add(page)
            let listed =
                (page.imageScanFindings?.findings?.count ?? 0) + (page.imageScanFindings?.enhancedFindings?.count ?? 0)
            #expect(translated.entries == listed, "\(file.lastPathComponent)")
            // Every entry has a key of its own in these answers, so none may be lost by joining.
            #expect(translated.findings.count == listed, "\(file.lastPathComponent)")
            // This one's counts were mixed by hand and contradict its findings.
            guard file.lastPathComponent != "cultureamp-example-a.json" else { continue }
            let counted = Dictionary(grouping: translated.findings.values, by: \.severity).mapValues(\.count)
            let own = ScanMark(page).counts ?? [:]
            #expect(counted == own.filter { $0.value > 0 }, "\(file.lastPathComponent)")
        }
    }

    @Test func `The large answer's vulnerabilities keep their texts and lose their packages`() throws {
        let file = try #require(try folder("basic").first { $0.lastPathComponent == "cultureamp-example-b.json" })
        var translated = TranslatedFindings()
        translated.add(try page(file))
        #expect(translated.findings.count == 257)
        #expect(translated.vulnerabilities.count == 253)
        #expect(translated.vulnerabilities.values.allSatisfy { $0.link?.hasSuffix(" ") != true })
        #expect(!translated.vulnerabilities.values.contains { $0.attributes.contains { $0.key == "package_name" } })
    }
}
