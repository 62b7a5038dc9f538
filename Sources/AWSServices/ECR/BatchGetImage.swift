internal import AWSCore

extension ECR {
    /// Fetches manifests.
    package struct BatchGetImage: ECROperation {
        package var repositoryName: String
        /// 1 to 100.
        package var imageIds: [ImageIdentifier]
        /// Another account's registry; the caller's own where nil.
        package var registryId: String?
        /// What the caller can read; ECR converts or refuses others.
        package var acceptedMediaTypes: [String]?

        /// Asks for the manifests of some images.
        package init(
            repositoryName: String,
            imageIds: [ImageIdentifier],
            registryId: String? = nil,
            acceptedMediaTypes: [String]? = nil
        ) {
            self.repositoryName = repositoryName
            self.imageIds = imageIds
            self.registryId = registryId
            self.acceptedMediaTypes = acceptedMediaTypes
        }

        package struct Response: Decodable, Sendable, Hashable {
            package var images: [Image]?
            package var failures: [ImageFailure]?
        }

        package struct Image: Decodable, Sendable, Hashable {
            package var imageId: ImageIdentifier?
            /// The manifest's own text, as the digest covers it.
            package var imageManifest: String?
            package var imageManifestMediaType: String?
        }

        package struct ImageFailure: Decodable, Sendable, Hashable {
            package var imageId: ImageIdentifier?
            /// Such as `ImageNotFound`.
            package var failureCode: String?
            package var failureReason: String?
        }
    }
}
