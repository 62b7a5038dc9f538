import AWSCore
import AWSServices

@testable import enum SimulatedAWS.JSONValue

/// One image as the truth tells it and as the calls show it, in words that compare.
struct SeenImage: Hashable {
    var place: String
    var coverage: String
    var findings: [String]
}

/// What the truth says of every image that counts as one.
func told(_ truth: JSONValue) -> [SeenImage] {
    var images: [SeenImage] = []
    for account in truth["accounts"]?.elements ?? [] {
        for region in account["regions"]?.elements ?? [] {
            for repository in region["repositories"]?.elements ?? [] {
                let place = [account["id"], region["region"], repository["name"]].map { $0?.text ?? "" }.joined(
                    separator: "/"
                )
                for image in repository["images"]?.elements ?? [] where image["kind"] == "image" {
                    let findings = image["findings"]?.elements ?? []
                    images.append(
                        SeenImage(
                            place: "\(place)@\(image["digest"]?.text ?? "")",
                            coverage: image["coverage"]?["state"]?.text ?? "",
                            findings: findings.map { finding in
                                ["vulnerability", "package", "version", "severity"].map { finding[$0]?.text ?? "" }
                                    .joined(separator: " ")
                            }.sorted()
                        )
                    )
                }
            }
        }
    }
    return images.sorted { $0.place < $1.place }
}

/// Walks the whole organization by its public calls alone.
func walked(_ simulator: LiveSimulator) async throws -> (images: [SeenImage], obstacles: [String]) {
    var images: [SeenImage] = []
    var obstacles: [String] = []
    for try await page in simulator.client().pages(Organizations.ListAccounts()) {
        for account in page.Accounts ?? [] {
            do {
                images += try await walk(account: account.Id ?? "", simulator, &obstacles)
            } catch let error as AWSServiceError where error.code.rawValue == "AccessDenied" {
                obstacles.append("\(account.Id ?? "") \(account.State ?? account.Status ?? "")")
            }
        }
    }
    return (images.sorted { $0.place < $1.place }, obstacles)
}

private func walk(account: String, _ simulator: LiveSimulator, _ obstacles: inout [String]) async throws -> [SeenImage]
{
    var images: [SeenImage] = []
    let home = await simulator.member(account)
    for region in try await home.send(AWSAccount.ListRegions()).Regions ?? [] {
        let name = region.RegionName ?? ""
        let client = await simulator.member(account, region: name)
        do {
            for try await page in client.pages(ECR.DescribeRepositories()) {
                for repository in page.repositories ?? [] {
                    images += try await walk("\(account)/\(name)", repository.repositoryName ?? "", client)
                }
            }
        } catch let error as AWSServiceError where error.code.rawValue == "UnrecognizedClientException" {
            obstacles.append("\(account) \(name) \(region.RegionOptStatus ?? "")")
        }
    }
    return images
}

private func walk(_ registry: String, _ repository: String, _ client: AWSClient) async throws -> [SeenImage] {
    var images: [SeenImage] = []
    let request = ECR.DescribeImages(repositoryName: repository, maxResults: 3, filter: .init(imageStatus: "ANY"))
    var details: [ECR.DescribeImages.ImageDetail] = []
    for try await page in client.pages(request) { details += page.imageDetails ?? [] }
    let indexType = "application/vnd.oci.image.index.v1+json"
    let indexes = details.filter { $0.imageManifestMediaType == indexType }.compactMap(\.imageDigest)
    var manifests = ""
    if !indexes.isEmpty {
        let ids = indexes.map { ECR.ImageIdentifier(imageDigest: $0) }
        let answer = try await client.send(
            ECR.BatchGetImage(repositoryName: repository, imageIds: ids, acceptedMediaTypes: [indexType])
        )
        manifests = (answer.images ?? []).compactMap(\.imageManifest).joined()
    }
    for detail in details {
        let digest = detail.imageDigest ?? ""
        let isSignature = detail.imageTags?.contains { $0.hasSuffix(".sig") } ?? false
        guard !indexes.contains(digest), !isSignature, !isAttestation(digest, manifests) else { continue }
        let (coverage, findings) = try await judge(repository, digest, client)
        images.append(
            SeenImage(place: "\(registry)/\(repository)@\(digest)", coverage: coverage, findings: findings.sorted())
        )
    }
    return images
}

private func isAttestation(_ digest: String, _ manifests: String) -> Bool {
    guard let document = try? JSONValue(reading: Array(manifests.utf8)) else { return false }
    return (document["manifests"]?.elements ?? []).contains {
        $0["digest"]?.text == digest && $0["platform"]?["os"] == "unknown"
    }
}

private func judge(_ repository: String, _ digest: String, _ client: AWSClient) async throws -> (String, [String]) {
    var findings: [String] = []
    var status = ""
    var reason = ""
    let request = ECR.DescribeImageScanFindings(
        repositoryName: repository,
        imageId: .init(imageDigest: digest),
        maxResults: 900
    )
    do {
        for try await page in client.pages(request) {
            status = page.imageScanStatus?.status ?? ""
            reason = page.imageScanStatus?.description ?? ""
            findings += texts(page)
        }
    } catch let error as AWSServiceError where error.code.rawValue == "ScanNotFoundException" {
        return ("never_scanned", [])
    }
    let states = [
        "COMPLETE": "scanned", "ACTIVE": "scanned", "IN_PROGRESS": "waiting", "PENDING": "waiting",
        "UNSUPPORTED_IMAGE": "unsupported", "IMAGE_ARCHIVED": "archived",
        "SCAN_ELIGIBILITY_EXPIRED": "expired_eligibility",
        "FAILED": reason.contains("UnsupportedImageError") ? "unsupported" : "failed",
    ]
    return (states[status] ?? status, findings)
}

private func texts(_ page: ECR.DescribeImageScanFindings.Response) -> [String] {
    let basic = (page.imageScanFindings?.findings ?? []).map { finding in
        let attribute = { (key: String) in finding.attributes?.first { $0.key == key }?.value ?? "" }
        return [finding.name ?? "", attribute("package_name"), attribute("package_version"), finding.severity ?? ""]
    }
    let enhanced = (page.imageScanFindings?.enhancedFindings ?? []).flatMap { finding in
        (finding.packageVulnerabilityDetails?.vulnerablePackages ?? []).map { package in
            let version = [package.version, package.release].compactMap(\.self).joined(separator: "-")
            return [
                finding.packageVulnerabilityDetails?.vulnerabilityId ?? "", package.name ?? "", version,
                finding.severity ?? "",
            ]
        }
    }
    return (basic + enhanced).map { $0.joined(separator: " ") }
}
