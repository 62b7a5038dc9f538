internal import AWSCore

extension ECR {
    /// Fetches manifests.
    package struct BatchGetImage: ECROperation {
        /// The repository with its namespace, such as `team/app`; without the registry.
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
            /// The images that were found.
            package var images: [Image]?
            /// The images that were not found or not given, each with the reason.
            package var failures: [ImageFailure]?
        }

        /// An image with its manifest.
        package struct Image: Decodable, Sendable, Hashable {
            /// The image, by digest or by tag.
            package var imageId: ImageIdentifier?
            /// The manifest's own text, as the digest covers it.
            package var imageManifest: String?
            /// The manifest's media type, which tells an index from an image.
            package var imageManifestMediaType: String?
        }

        /// An image that could not be given.
        package struct ImageFailure: Decodable, Sendable, Hashable {
            /// The image, by digest or by tag.
            package var imageId: ImageIdentifier?
            /// Such as `ImageNotFound`.
            package var failureCode: String?
            /// A sentence by AWS, for people.
            package var failureReason: String?
        }
    }
}
