import AWSCore
import AWSServices
import SimulatedAWS
import Testing

@testable import enum SimulatedAWS.JSONValue

@Suite(.timeLimit(.minutes(10))) struct ScanTests {
    private static var odd: SimulatorConfiguration {
        var configuration = SimulatorConfiguration()
        configuration.accounts = 2
        configuration.repositories = 1
        configuration.images = 2
        configuration.scanSeconds = 0.05
        configuration.vanishingRepositories = 1
        return configuration
    }

    /// Starts a scan of each odd image; the outcome by the image's tag, `ok` where it started.
    private func start(_ simulator: LiveSimulator) async throws -> [String: String] {
        var outcomes: [String: String] = [:]
        let client = simulator.client()
        let request = ECR.DescribeImages(repositoryName: "platform/odd-images", filter: .init(imageStatus: "ANY"))
        for detail in try await client.send(request).imageDetails ?? [] {
            guard let tag = detail.imageTags?.first else { continue }
            do {
                let id = ECR.ImageIdentifier(imageDigest: detail.imageDigest)
                let answer = try await client.send(
                    ECR.StartImageScan(repositoryName: "platform/odd-images", imageId: id)
                )
                outcomes[tag] = answer.imageScanStatus?.status == "IN_PROGRESS" ? "ok" : "?"
            } catch let error as AWSServiceError {
                outcomes[tag] = error.code.rawValue
            }
        }
        return outcomes
    }

    private func status(_ tag: String, _ client: AWSClient) async throws -> String? {
        let request = ECR.DescribeImageScanFindings(
            repositoryName: "platform/odd-images",
            imageId: .init(imageTag: tag),
            maxResults: 1
        )
        return try await client.send(request).imageScanStatus?.status
    }

    @Test func `An image is scanned once a day, and the scan takes its time`() async throws {
        try await LiveSimulator.with(Self.odd) { simulator in
            let first = try await start(simulator)
            #expect(first["neverScanned"] == "ok" && first["archived"] == "ImageArchivedException")
            #expect(first["inProgress"] == "LimitExceededException")
            let again = try await start(simulator)
            #expect(again["neverScanned"] == "LimitExceededException")
            try await Task.sleep(for: .seconds(0.1))
            #expect(try await status("neverScanned", simulator.client()) == "COMPLETE")
        }
    }

    @Test func `A scan in progress is over after some questions, and the truth says what was last answered`()
        async throws
    {
        try await LiveSimulator.with(Self.odd) { simulator in
            var statuses: [String?] = []
            for _ in 0..<4 {
                statuses.append(try await status("inProgress", simulator.client()))
                let states = told(try await simulator.truth()).filter {
                    $0.coverage == "waiting" && $0.place.contains("odd")
                }
                #expect(states.contains { $0.place.hasPrefix("111111111111") } == (statuses.last == "IN_PROGRESS"))
            }
            #expect(statuses == ["IN_PROGRESS", "IN_PROGRESS", "COMPLETE", "COMPLETE"])
        }
    }

    @Test func `Enhanced registries, indexes and vanished repositories refuse as ECR does`() async throws {
        try await LiveSimulator.with(Self.odd) { simulator in
            func code(_ client: AWSClient, _ repository: String, _ tag: String) async throws -> String {
                do {
                    let request = ECR.StartImageScan(repositoryName: repository, imageId: .init(imageTag: tag))
                    return try await client.send(request).imageScanStatus?.status ?? ""
                } catch let error as AWSServiceError {
                    return error.code.rawValue
                }
            }
            let truth = try await simulator.truth()
            let enhanced = await simulator.member(truth["accounts"]?.elements?[1]["id"]?.text ?? "")
            #expect(try await code(enhanced, "platform/odd-images", "clean") == "ValidationException")
            #expect(
                try await code(simulator.client(), "platform/multi-arch", "latest") == "UnsupportedImageTypeException"
            )
            #expect(try await code(simulator.client(), "platform/vanishing-0", "any") == "RepositoryNotFoundException")
            let archived = ECR.DescribeImages(repositoryName: "platform/odd-images")
            let tags = try await simulator.client().send(archived).imageDetails?.compactMap { $0.imageTags?.first }
            #expect(tags?.contains("archived") == false)
        }
    }

    @Test func `Enhanced findings come a hundred at a time whatever is asked for`() async throws {
        try await LiveSimulator.with(Self.odd) { simulator in
            let account = try await simulator.truth()["accounts"]?.elements?[1]
            let images =
                account?["regions"]?.elements?[0]["repositories"]?.elements?
                .first { $0["name"] == "platform/odd-images" }?["images"]?.elements ?? []
            let image = try #require(images.first { $0["tags"] == ["1.0", "1.0.3", "latest"] })
            let request = ECR.DescribeImageScanFindings(
                repositoryName: "platform/odd-images",
                imageId: .init(imageDigest: image["digest"]?.text),
                maxResults: 1000
            )
            var counts: [Int] = []
            for try await page in await simulator.member(account?["id"]?.text ?? "").pages(request) {
                counts.append(page.imageScanFindings?.enhancedFindings?.count ?? 0)
            }
            #expect(counts.reduce(0, +) == image["findings"]?.elements?.count)
            #expect(counts.allSatisfy { $0 <= 100 })
        }
    }
}
