internal import AWSCore
internal import AWSServices
internal import Domain
internal import RegistryAccess

/// Calls every action that the fleet needs in one registry, in ways that change nothing.
struct RegistryCheck {
    let client: AWSClient
    let registry: Registry
    /// Whether the fleet starts scans itself: true unless `SCANFLEET_SCAN_SCHEDULE` is `off`.
    let startsScans: Bool
    /// The role that lacks the denied actions, for the advice.
    let holder: String

    /// A digest that no repository holds, so that StartImageScan for it starts no scan.
    private static let nobody = ECR.ImageIdentifier(imageDigest: "sha256:" + String(repeating: "0", count: 64))
    private static let nowhere = "scanfleet-doctor/asks-for-what-is-not-there"

    func checks() async throws -> [Check] {
        var prober = Prober(client: client, service: "ecr")
        let configuration = try await prober.ask(ECR.GetRegistryScanningConfiguration())
        if !prober.isRegionOff {
            let repositories = try await prober.ask(ECR.DescribeRepositories(maxResults: 1))?.repositories
            try await probe(&prober, repository: repositories?.first?.repositoryName ?? Self.nowhere)
        }
        guard !prober.isRegionOff else {
            return [check(.gap, "the region is switched off for the account")]
        }
        let unwatched = try await unwatched(configuration?.scanningConfiguration)
        return permissions(prober) + scanning(configuration?.scanningConfiguration) + unwatched
    }

    private func probe(_ prober: inout Prober, repository: String) async throws {
        let images = try await prober.ask(ECR.DescribeImages(repositoryName: repository, maxResults: 1))?.imageDetails
        // A real image if there is one: only then does an enhanced registry check permission for Inspector's actions.
        let image = images?.first?.imageDigest.map { ECR.ImageIdentifier(imageDigest: $0) } ?? Self.nobody
        _ = try await prober.ask(
            ECR.DescribeImageScanFindings(repositoryName: repository, imageId: image, maxResults: 1)
        )
        _ = try await prober.ask(ECR.BatchGetImage(repositoryName: repository, imageIds: [Self.nobody]))
        _ = try await prober.ask(ECR.StartImageScan(repositoryName: repository, imageId: Self.nobody))
    }

    private func permissions(_ prober: Prober) -> [Check] {
        let denied = prober.denied.sorted()
        let unknown = prober.unknown.map { check(.gap, $0) }
        guard !denied.isEmpty else { return unknown }
        let missing = denied.map {
            MissingPermission(action: $0, resource: "*", policy: "member-permissions.json", holder: holder)
        }
        return [check(.gap, "denied: " + denied.joined(separator: ", "), missing)] + unknown
    }

    private func scanning(
        _ configuration: ECR.GetRegistryScanningConfiguration.RegistryScanningConfiguration?
    ) -> [Check] {
        guard let configuration else { return [] }
        let rules = configuration.rules ?? []
        let words = rules.map { rule in
            rule.scanFrequency.lowercased() + " " + rule.repositoryFilters.map(\.filter).joined(separator: " ")
        }.joined(separator: ", ")
        switch configuration.scanType {
        case "ENHANCED" where rules.isEmpty:
            return [check(.gap, "scanning is ENHANCED without a rule, so that Inspector scans nothing: add one")]
        case "ENHANCED":
            return [check(.fine, "ENHANCED (\(words)); what fits no filter is never scanned")]
        case let type where startsScans:
            return [
                check(.fine, "\(type ?? "BASIC")\(words.isEmpty ? "" : " (\(words))"); scanfleet starts a scan a day")
            ]
        case let type where rules.isEmpty:
            return [check(.gap, "\(type ?? "BASIC") without scan on push, and SCANFLEET_SCAN_SCHEDULE is off")]
        case let type:
            return [
                check(
                    .note,
                    "\(type ?? "BASIC") (\(words)); SCANFLEET_SCAN_SCHEDULE is off, so no scan is started"
                )
            ]
        }
    }

    /// Reports repositories that match no filter of the scanning rules, so that Inspector never scans them.
    private func unwatched(
        _ configuration: ECR.GetRegistryScanningConfiguration.RegistryScanningConfiguration?
    ) async throws -> [Check] {
        guard configuration?.scanType == "ENHANCED", let rules = configuration?.rules, !rules.isEmpty else { return [] }
        let filters = rules.flatMap(\.repositoryFilters).map { Glob(wildcard: $0.filter) }
        let names: [String]
        do {
            let pages = try await client.allPages(ECR.DescribeRepositories(maxResults: 1000))
            names = pages.flatMap { $0.repositories ?? [] }.compactMap(\.repositoryName)
        } catch is AWSServiceError {
            return []  // The probe of this call has reported why.
        }
        let missed = names.filter { name in !filters.contains { $0.matches(name) } }.sorted()
        guard !missed.isEmpty else { return [] }
        let shown = missed.prefix(5).joined(separator: ", ") + (missed.count > 5 ? " and \(missed.count - 5) more" : "")
        let share = "\(missed.count) of \(names.count) repositories"
        return [check(.gap, "\(share) fit no filter of the scanning rules and are never scanned: \(shown)")]
    }

    private func check(_ verdict: Check.Verdict, _ text: String, _ missing: [MissingPermission] = []) -> Check {
        Check(subject: "account \(registry.account) \(registry.region)", verdict: verdict, text: text, missing: missing)
    }
}

extension Glob {
    /// Converts a filter of ECR's: without a star it matches any part of a name.
    fileprivate init(wildcard: String) { self.init(wildcard.contains("*") ? wildcard : "*\(wildcard)*") }
}
