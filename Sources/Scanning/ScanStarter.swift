internal import AWSCore
internal import AWSServices
internal import Domain
internal import FindingStore

/// Starts the scan of one image where it is due.
struct ScanStarter: Sendable {
    /// How the request for a scan ended.
    enum Result: Sendable {
        case started
        /// Scanned within the day, by us or by a push.
        case recent
        case closed(Coverage)
        /// The registry is scanned by Inspector, which takes no requests.
        case enhanced
        case gone
        /// Due, but the registry has no scan left for it today.
        case postponed
        /// ECR refuses to scan this image.
        case refused(Coverage)
        /// Nothing was written; another call may succeed.
        case troubled(ImageReadFailure, any Error)
    }

    let client: AWSClient
    let store: FindingStore
    let token: Int
    let now: Double

    func start(_ entry: RepositoryContents.Entry, over stored: StoredImage?) async throws -> Result {
        switch ScanPlan(entry, known: stored?.status.coverage, now: now) {
        case .recent: return .recent
        case .impossible(let coverage):
            _ = try await store.put(entry.image.status(coverage), over: stored, token: token)
            return .closed(coverage)
        case .due: break
        }
        let result = try await request(entry)
        if case .postponed = result { return try await postpone(entry, over: stored) }
        if case .refused(let coverage) = result { return try await refuse(entry, coverage, over: stored) }
        // Findings of earlier scans stay stored until newer ones can be read.
        guard stored?.status.coverage.isJudged != true else { return result }
        switch result {
        case .started:
            let waiting = Coverage(.waiting, reason: "a scan was asked for")
            _ = try await store.put(entry.image.status(waiting), over: stored, token: token)
        case .closed(let coverage):
            _ = try await store.put(entry.image.status(coverage), over: stored, token: token)
        case .recent, .enhanced, .gone, .postponed, .refused, .troubled: break
        }
        return result
    }

    /// Postpones a due image; records this unless findings are stored.
    func postpone(_ entry: RepositoryContents.Entry, over stored: StoredImage?) async throws -> Result {
        if stored?.status.coverage.isJudged != true {
            _ = try await store.put(entry.image.status(ScanBudget.usedUp), over: stored, token: token)
        }
        return .postponed
    }

    /// Records why the scan cannot be started, unless findings are stored.
    func refuse(
        _ entry: RepositoryContents.Entry,
        _ coverage: Coverage,
        over stored: StoredImage?
    ) async throws -> Result {
        if stored?.status.coverage.isJudged != true {
            _ = try await store.put(entry.image.status(coverage), over: stored, token: token)
        }
        return .refused(coverage)
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
        } catch {
            guard let result = Result(error) else { throw error }
            return result
        }
    }
}

extension ScanStarter.Result {
    /// Classifies an error; nil if it does not concern the image.
    fileprivate init?(_ error: any Error) {
        if let answer = (error as? AWSServiceError).flatMap(Self.init(answer:)) {
            self = answer
            return
        }
        switch ImageReadFailure(error) {
        case nil: return nil
        case .permanent(let coverage)?: self = .refused(coverage)
        case let trouble?: self = .troubled(trouble, error)
        }
    }

    /// Nil if the answer is an ordinary error rather than a result.
    private init?(answer: AWSServiceError) {
        switch answer.code {
        // The quota per image is one scan a day; any other quota is the registry's, and this image was not scanned.
        case .limitExceeded: self = answer.message.contains("per image") ? .recent : .postponed
        case .imageNotFound: self = .gone
        case .validation where answer.message.contains("feature is disabled"): self = .enhanced
        default:
            guard case .closed(let coverage) = ScanStatus(answer) else { return nil }
            self = .closed(coverage)
        }
    }
}
