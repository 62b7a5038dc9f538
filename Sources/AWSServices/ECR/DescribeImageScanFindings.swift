internal import AWSCore
package import HTTPTransport
internal import JSON

extension ECR {
    /// Reads what a scan found in one image; status, times and counts on every page are those of the whole image.
    package struct DescribeImageScanFindings: ECROperation, PaginatedOperation {
        /// Spelt out, because to ask for the type's name costs a microsecond and this is the hottest call.
        package static var name: String { "DescribeImageScanFindings" }

        /// The repository with its namespace, such as `team/app`; without the registry.
        package var repositoryName: String
        /// The image, by digest or by tag.
        package var imageId: ImageIdentifier
        /// Another account's registry; the caller's own where nil.
        package var registryId: String?
        /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
        package var nextToken: String?
        /// 1 to 1,000; AWS gives 100 where nil, and of an enhanced scan never more.
        package var maxResults: Int?

        /// Asks for the first page, or for the one that a token names.
        package init(
            repositoryName: String,
            imageId: ImageIdentifier,
            registryId: String? = nil,
            nextToken: String? = nil,
            maxResults: Int? = nil
        ) {
            self.repositoryName = repositoryName
            self.imageId = imageId
            self.registryId = registryId
            self.nextToken = nextToken
            self.maxResults = maxResults
        }

        package struct Response: Sendable, Hashable {
            /// Where the scan stands; nil where the image never was in a scan.
            package var imageScanStatus: ImageScanStatus?
            /// Nil where AWS gives `null`, as it does after a failed scan.
            package var imageScanFindings: ImageScanFindings?
            /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
            package var nextToken: String?

            /// Holds nothing yet.
            package init() {}
        }

        /// A probe for one finding has a small answer.
        package var expectsLargeAnswer: Bool { maxResults != 1 }

        package func encodeBody() -> [UInt8] {
            JSONWriter.object { writer in
                writer.member("repositoryName", repositoryName)
                writer.member("imageId", imageId)
                writer.member("registryId", registryId)
                writer.member("nextToken", nextToken)
                writer.member("maxResults", maxResults)
            }
        }

        package static func decode(_ response: HTTPResponse) throws -> Response { try Response(parsing: response.body) }

        package func following(_ token: String) -> Self {
            var copy = self
            copy.nextToken = token
            return copy
        }

        /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
        package static func nextToken(in page: Response) -> String? { page.nextToken }
    }
}

extension ECR.DescribeImageScanFindings.Response: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        try cursor.readObject { key, value in
            switch key {
            case "imageScanStatus": imageScanStatus = try value.optional()
            case "imageScanFindings": imageScanFindings = try value.optional()
            case "nextToken": nextToken = try value.optionalString()
            default: break
            }
        }
    }
}

extension ECR.ImageScanStatus: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        try cursor.readObject { key, value in
            switch key {
            case "status": status = try value.optionalString()
            case "description": description = try value.optionalString()
            default: break
            }
        }
    }
}
