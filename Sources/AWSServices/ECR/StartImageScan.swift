package import AWSCore

extension ECR {
    /// Asks for a basic scan; at most one per image and 24 hours.
    package struct StartImageScan: ECROperation {
        /// "Scanned within 24 hours already": an answer, although its code is on AWS' list of throttles.
        package static var answerCodes: Set<AWSServiceError.Code> { [.limitExceeded] }

        package var repositoryName: String
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
            package var registryId: String?
            package var repositoryName: String?
            package var imageId: ImageIdentifier?
            package var imageScanStatus: ImageScanStatus?
        }
    }
}
