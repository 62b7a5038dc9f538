package import AWSCore

extension ECR {
    /// Asks for a basic scan; at most one per image and 24 hours.
    package struct StartImageScan: ECROperation {
        /// "Scanned within 24 hours already": an answer, although its code is on AWS' list of throttles.
        package static var answerCodes: Set<AWSServiceError.Code> { [.limitExceeded] }

        /// The repository with its namespace, such as `team/app`; without the registry.
        package var repositoryName: String
        /// The image, by digest or by tag.
        package var imageId: ImageIdentifier
        /// Another account's registry; the caller's own where nil.
        package var registryId: String?

        /// Asks for the scan of one image.
        package init(repositoryName: String, imageId: ImageIdentifier, registryId: String? = nil) {
            self.repositoryName = repositoryName
            self.imageId = imageId
            self.registryId = registryId
        }

        package struct Response: Decodable, Sendable, Hashable {
            /// The account that owns the registry; in a request nil means the caller's own.
            package var registryId: String?
            /// The repository with its namespace, such as `team/app`; without the registry.
            package var repositoryName: String?
            /// The image, by digest or by tag.
            package var imageId: ImageIdentifier?
            /// Where the scan stands; nil where the image never was in a scan.
            package var imageScanStatus: ImageScanStatus?
        }
    }
}
