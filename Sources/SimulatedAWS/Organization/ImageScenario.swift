/// The states that an image may be found in besides "scanned, with findings".
enum ImageScenario: CaseIterable, Sendable {
    case clean
    case neverScanned
    case inProgress
    case failed
    case unsupportedSystem
    case unsupportedImage
    case archived
    case expired
    case pending

    /// What can happen in a registry with basic scans.
    static let basic: [ImageScenario] = [
        .clean, .neverScanned, .inProgress, .failed, .unsupportedSystem, .unsupportedImage, .archived,
    ]
    /// What can happen where Inspector watches.
    static let enhanced: [ImageScenario] = [.clean, .expired, .pending, .unsupportedImage, .archived]

    /// How a scan of an image without a known package manager ends, word for word as ECR says it.
    static let unsupportedReason =
        "UnsupportedImageError: The operating system and/or package manager are not supported."
    static let failedReason = "ScanningError: The layers of the image could not be read."

    func apply(to image: inout SimulatedImage, now: Double) {
        if !hasFindings { image.findings = [] }
        switch self {
        case .clean: break
        case .neverScanned:
            image.scan.phase = .never
            image.scan.startedAt = nil
        case .inProgress:
            image.scan.phase = .polling(left: 2)
            // Asked for just now: another scan is refused.
            image.scan.startedAt = now
        case .failed: image.scan.outcome = .failed(reason: Self.failedReason)
        case .unsupportedSystem: image.scan.outcome = .failed(reason: Self.unsupportedReason)
        case .unsupportedImage: image.scan.outcome = .unsupported
        case .archived: image.isArchived = true
        case .expired: image.scan.outcome = .expiredEligibility
        case .pending: image.scan.outcome = .pending
        }
    }

    /// A scan that is still to come will find something; one that ended like this has found nothing.
    private var hasFindings: Bool {
        switch self {
        case .neverScanned, .inProgress, .archived: true
        case .clean, .failed, .unsupportedSystem, .unsupportedImage, .expired, .pending: false
        }
    }
}
