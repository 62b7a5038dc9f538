internal import AWSCore
internal import AWSServices
internal import Domain
internal import FindingStore

/// Starts the scan of one image where it is due.
struct ScanStarter: Sendable {
    /// What came of it.
    enum Result: Hashable, Sendable {
        case started
        /// Scanned within the day, by us or by a push.
        case recent
        case closed(Coverage)
        /// The registry is scanned by Inspector, which takes no requests.
        case enhanced
        case gone
        /// Due, but the registry has no scan left for it today.
        case postponed
    }

    let client: AWSClient
    let store: FindingStore
    let token: Int
    let now: Double

    func start(_ entry: RepositoryContents.Entry, over stored: StoredImage?) async throws -> Result {
        switch ScanPlan(entry, known: stored?.judged.coverage, now: now) {
        case .recent: return .recent
        case .impossible(let coverage):
            _ = try await store.put(entry.image.judged(coverage), over: stored, token: token)
            return .closed(coverage)
        case .due: break
        }
        let result = try await request(entry)
        // What earlier scans found stays until there is something newer to read.
        guard stored?.judged.coverage.isJudged != true else { return result }
        switch result {
        case .started:
            let waiting = Coverage(.waiting, reason: "a scan was asked for")
            _ = try await store.put(entry.image.judged(waiting), over: stored, token: token)
        case .closed(let coverage):
            _ = try await store.put(entry.image.judged(coverage), over: stored, token: token)
        case .recent, .enhanced, .gone, .postponed: break
        }
        return result
    }

    /// Leaves a due image for another day, and says so where nothing better is known of it.
    func postpone(_ entry: RepositoryContents.Entry, over stored: StoredImage?) async throws -> Result {
        if stored?.judged.coverage.isJudged != true {
            _ = try await store.put(entry.image.judged(ScanBudget.usedUp), over: stored, token: token)
        }
        return .postponed
    }

    private func request(_ entry: RepositoryContents.Entry) async throws -> Result {
        let place = entry.image.place
        do {
            _ = try await client.send(
                ECR.StartImageScan(
                    repositoryName: place.repository.name.rawValue,
                    imageId: ECR.ImageIdentifier(imageDigest: place.digest.rawValue)
                )
            )
            return .started
        } catch let error as AWSServiceError {
            switch error.code.rawValue {
            case "LimitExceededException": return .recent
            case "ImageNotFoundException": return .gone
            case "ValidationException" where error.message.contains("feature is disabled"): return .enhanced
            default:
                guard case .closed(let coverage) = ScanVerdict(error) else { throw error }
                return .closed(coverage)
            }
        }
    }
}
