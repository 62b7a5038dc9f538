import AWSServices
import AWSTestSupport
import Domain
import Foundation
import HTTPTransport
import Scanning
import Testing

/// Recorded or invented answers about findings, one a file.
struct AnswerFolder {
    let files: [URL]

    init(_ directory: URL) throws {
        files = try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }
    }

    /// Checks that the model holds as many findings as each answer lists, and where the answer is consistent as many of
    /// each severity as it counts.
    func check(contradictory: Set<String> = []) throws {
        #expect(!files.isEmpty)
        for file in files {
            let page = try Self.page(file)
            var translated = TranslatedFindings()
            translated.add(page)
            let listed =
                (page.imageScanFindings?.findings?.count ?? 0) + (page.imageScanFindings?.enhancedFindings?.count ?? 0)
            #expect(translated.entries == listed, "\(file.lastPathComponent)")
            // Every entry has a key of its own in these answers, so none may be lost by joining.
            #expect(translated.findings.count == listed, "\(file.lastPathComponent)")
            guard !contradictory.contains(file.lastPathComponent) else { continue }
            let counted = Dictionary(grouping: translated.findings.values, by: \.severity).mapValues(\.count)
            let own = ScanRevision(page).counts ?? [:]
            #expect(counted == own.filter { $0.value > 0 }, "\(file.lastPathComponent)")
        }
    }

    /// Checks a large answer: vulnerabilities keep their texts and lose what belongs to a package.
    func checkLarge(_ name: String, findings: Int, vulnerabilities: Int) throws {
        let file = try #require(files.first { $0.lastPathComponent == name })
        var translated = TranslatedFindings()
        translated.add(try Self.page(file))
        #expect(translated.findings.count == findings)
        #expect(translated.vulnerabilities.count == vulnerabilities)
        #expect(translated.vulnerabilities.values.allSatisfy { $0.link?.hasSuffix(" ") != true })
        #expect(!translated.vulnerabilities.values.contains { $0.attributes.contains { $0.key == "package_name" } })
    }

    private static func page(_ file: URL) throws -> ECR.DescribeImageScanFindings.Response {
        try ECR.DescribeImageScanFindings.decode(HTTPResponse(status: 200, body: try WireForm.ofCLI(file)))
    }
}
