internal import AWSCore

extension ECR {
    /// Lists the images of a repository.
    package struct DescribeImages: ECROperation, PaginatedOperation {
        /// The repository with its namespace, such as `team/app`; without the registry.
        package var repositoryName: String
        /// Another account's registry; the caller's own where nil.
        package var registryId: String?
        /// At most 100; they exclude paging.
        package var imageIds: [ImageIdentifier]?
        /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
        package var nextToken: String?
        /// 1 to 1,000; AWS gives 100 where nil.
        package var maxResults: Int?
        /// Restricts the answer to tagged or to untagged images; nil gives all.
        package var filter: Filter?

        /// Asks for the first page, or for the one that a token names.
        package init(
            repositoryName: String,
            registryId: String? = nil,
            imageIds: [ImageIdentifier]? = nil,
            nextToken: String? = nil,
            maxResults: Int? = nil,
            filter: Filter? = nil
        ) {
            self.repositoryName = repositoryName
            self.registryId = registryId
            self.imageIds = imageIds
            self.nextToken = nextToken
            self.maxResults = maxResults
            self.filter = filter
        }

        /// Chooses images by whether they have a tag.
        package struct Filter: Encodable, Sendable, Hashable {
            /// `TAGGED`, `UNTAGGED` or `ANY`, which nil means too.
            package var tagStatus: String?
            /// `ACTIVE`, which nil means too, `ARCHIVED`, `ACTIVATING` or `ANY`.
            package var imageStatus: String?

            /// Narrows or widens the listing.
            package init(tagStatus: String? = nil, imageStatus: String? = nil) {
                self.tagStatus = tagStatus
                self.imageStatus = imageStatus
            }
        }

        package struct Response: Decodable, Sendable, Hashable {
            /// One page of images, in no promised order.
            package var imageDetails: [ImageDetail]?
            /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
            package var nextToken: String?
        }

        /// An image as its repository lists it.
        package struct ImageDetail: Decodable, Sendable, Hashable {
            /// The manifest's digest, `sha256:` and 64 hexadecimal digits.
            package var imageDigest: String?
            /// Nil for an untagged image.
            package var imageTags: [String]?
            /// In seconds since 1970.
            package var imagePushedAt: Double?
            /// Nil after a native basic scan: ECR no longer fills it.
            package var imageScanStatus: ImageScanStatus?
            /// The manifest's media type, which tells an index from an image.
            package var imageManifestMediaType: String?
            /// What an artifact says of its content; it is its pusher's claim.
            package var artifactMediaType: String?
            /// The image that this signature or SBOM is about.
            package var subjectManifestDigest: String?
            /// `ACTIVE`, `ARCHIVED` or `ACTIVATING`.
            package var imageStatus: String?
            /// In seconds since 1970, right to about a day; nil for an image that was never pulled.
            package var lastRecordedPullTime: Double?

            /// Describes an image of that digest, or of none.
            package init(imageDigest: String? = nil) { self.imageDigest = imageDigest }
        }

        /// A page holds up to 1,000 images.
        package var expectsLargeAnswer: Bool { true }

        package func following(_ token: String) -> Self {
            var copy = self
            copy.nextToken = token
            return copy
        }

        /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
        package static func nextToken(in page: Response) -> String? { page.nextToken }
    }
}
