import AWSCore
import AWSServices
import AWSTestSupport
import Foundation
import Testing

/// Every call of ECR, its answers and its errors.
func tourECR(_ client: AWSClient) async throws {
    let configuration = try await client.send(ECR.GetRegistryScanningConfiguration())
    #expect(configuration.scanningConfiguration?.scanType == "BASIC")
    #expect(try await client.send(ECR.DescribeRepositories()).repositories == [])
    _ = try await client.send(ECR.CreateRepository(repositoryName: "team/app"))
    let repository = try #require(try await client.send(ECR.DescribeRepositories(maxResults: 1000)).repositories?.first)
    #expect(repository.repositoryName == "team/app")
    #expect(abs((repository.createdAt ?? 0) - Date.now.timeIntervalSince1970) < 3600)

    let type = "application/vnd.docker.distribution.manifest.v2+json"
    for tag in ["one", "two"] {
        let manifest = #"{"schemaVersion":2,"mediaType":"\#(type)","layers":[{"digest":"sha256:\#(tag)"}]}"#
        _ = try await client.send(ECR.PutImage(repositoryName: "team/app", imageManifest: manifest, imageTag: tag))
    }
    let listed = try await client.send(ECR.DescribeImages(repositoryName: "team/app", maxResults: 1000))
    let images = try #require(listed.imageDetails)
    #expect(Set(images.flatMap { $0.imageTags ?? [] }) == ["one", "two"])
    #expect(images.allSatisfy { ($0.imagePushedAt ?? 0) > 1.7e9 })

    let image = ECR.ImageIdentifier(imageDigest: images.first?.imageDigest)
    let fetched = try await client.send(
        ECR.BatchGetImage(repositoryName: "team/app", imageIds: [image], acceptedMediaTypes: [type])
    )
    #expect(fetched.images?.map(\.imageId?.imageDigest) == [image.imageDigest])
    #expect(fetched.images?.first?.imageManifest?.hasPrefix(#"{"schemaVersion":2"#) ?? false)
    try await tourScan(client, image)
}

private func tourScan(_ client: AWSClient, _ image: ECR.ImageIdentifier) async throws {
    let findings = ECR.DescribeImageScanFindings(repositoryName: "team/app", imageId: image)
    #expect(await errorCode { try await client.send(findings) } == "ScanNotFoundException")
    let scan = ECR.StartImageScan(repositoryName: "team/app", imageId: image)
    #expect(try await client.send(scan).imageScanStatus?.status == "IN_PROGRESS")
    #expect(await errorCode { try await client.send(scan) } == "LimitExceededException")
    let read = try await client.send(findings)
    #expect(read.imageScanStatus?.status == "COMPLETE")
    #expect(read.imageScanFindings?.findings?.first?.name == "CVE-9999-9999")
    #expect(read.imageScanFindings?.findings?.first?.severity == "HIGH")
    #expect(read.imageScanFindings?.findingSeverityCounts == ["HIGH": 1])

    let missing = ECR.ImageIdentifier(imageTag: "three")
    let elsewhere = ECR.DescribeImages(repositoryName: "nobody/nothing")
    #expect(await errorCode { try await client.send(elsewhere) } == "RepositoryNotFoundException")
    let lost = ECR.StartImageScan(repositoryName: "team/app", imageId: missing)
    #expect(await errorCode { try await client.send(lost) } == "ImageNotFoundException")
    let failures = try await client.send(ECR.BatchGetImage(repositoryName: "team/app", imageIds: [missing])).failures
    #expect(failures?.map(\.failureCode) == ["ImageNotFound"])
}

/// The code of the error that a call ends in; nil where it ends well or otherwise.
func errorCode(_ call: () async throws -> some Any) async -> String? {
    do {
        _ = try await call()
        return nil
    } catch {
        return (error as? AWSServiceError)?.code.rawValue ?? "\(error)"
    }
}
