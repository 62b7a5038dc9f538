internal import AWSCore
package import AWSServices
package import Domain

/// ECR's scan status of one image: findings to read, or the reason why there are none.
package enum ScanStatus: Hashable, Sendable {
    /// The scan is finished and its findings can be read; `at` is in seconds since 1970.
    case readable(at: Double?)
    /// There are no findings to read, for this reason.
    case closed(Coverage)

    /// Classifies a page of findings; every page of an image repeats these fields.
    package init(_ page: ECR.DescribeImageScanFindings.Response) {
        let status = page.imageScanStatus?.status ?? ""
        let reason = page.imageScanStatus?.description
        switch status {
        case "COMPLETE", "ACTIVE":
            guard let findings = page.imageScanFindings else {
                // Null is not zero: ECR has not said that the image has no findings.
                self = .closed(Coverage(.waiting, reason: "ECR says \(status) but gives no findings yet"))
                return
            }
            let times = [findings.imageScanCompletedAt, findings.vulnerabilitySourceUpdatedAt].compactMap { $0 }
            self = .readable(at: times.max())
        case "IN_PROGRESS", "PENDING": self = .closed(Coverage(.waiting, reason: reason))
        case "FAILED": self = .closed(Self.failure(reason))
        case "UNSUPPORTED_IMAGE": self = .closed(Coverage(.unsupported, reason: reason))
        case "SCAN_ELIGIBILITY_EXPIRED": self = .closed(Coverage(.expiredEligibility, reason: reason))
        case "IMAGE_ARCHIVED": self = .closed(Coverage(.archived, reason: reason))
        case "LIMIT_EXCEEDED": self = .closed(Coverage(.throttled, reason: reason ?? "ECR's scan quota is used up"))
        default:
            self = .closed(Coverage(.failed, reason: "ECR's scan status is \(status): \(reason ?? "no description")"))
        }
    }

    /// Classifies an error; nil if it does not concern this image.
    package init?(_ error: any Error) {
        guard let error = error as? AWSServiceError else { return nil }
        switch error.code {
        case .scanNotFound: self = .closed(Coverage(.neverScanned, reason: "ECR holds no scan of the image"))
        case .unsupportedImageType: self = .closed(Coverage(.unsupported, reason: error.message))
        case .imageArchived: self = .closed(Coverage(.archived, reason: error.message))
        default: return nil
        }
    }

    /// A basic scan of an unknown operating system fails with a telltale description (ops/design/aws.md §4.3).
    private static func failure(_ reason: String?) -> Coverage {
        let isUnsupported = reason?.hasPrefix("UnsupportedImageError") ?? false
        return Coverage(isUnsupported ? .unsupported : .failed, reason: reason ?? "ECR gives no reason")
    }
}
