// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore
package import HTTPTransport

extension S3 {
    /// Gives up an upload, whose parts would be paid for otherwise.
    package struct AbortMultipartUpload: S3Operation {
        /// The bucket, by name.
        package var Bucket: String
        /// The object's key, without a leading slash.
        package var Key: String
        /// The upload that `CreateMultipartUpload` began.
        package var UploadId: String

        /// Asks to forget the parts.
        package init(Bucket: String, Key: String, UploadId: String) {
            self.Bucket = Bucket
            self.Key = Key
            self.UploadId = UploadId
        }

        package struct Response: Sendable, Hashable {}

        package func encode() throws -> AWSRequest {
            var request = AWSRequest()
            request.method = "DELETE"
            request.path = S3.path(Bucket, Key)
            request.query = [("uploadId", UploadId)]
            return request
        }

        package static func decode(_ response: HTTPResponse) throws -> Response { Response() }
    }
}
