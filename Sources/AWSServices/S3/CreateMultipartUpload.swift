// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore
package import HTTPTransport

extension S3 {
    /// Begins an object that arrives in parts; nothing of it is seen before it is completed.
    package struct CreateMultipartUpload: S3Operation {
        /// The bucket, by name.
        package var Bucket: String
        /// The object's key, without a leading slash.
        package var Key: String
        /// The headers stored with the object and answered with it.
        package var Headers: ObjectHeaders

        /// Asks to begin an object.
        package init(Bucket: String, Key: String, Headers: ObjectHeaders = ObjectHeaders()) {
            self.Bucket = Bucket
            self.Key = Key
            self.Headers = Headers
        }

        package struct Response: Sendable, Hashable {
            /// Names the upload in the calls that follow.
            package var UploadId: String
        }

        /// A repeated call begins another upload, of which nobody hears again.
        package static var isIdempotent: Bool { false }

        package func encode() throws -> AWSRequest {
            var request = AWSRequest()
            request.path = S3.path(Bucket, Key)
            request.query = [("uploads", "")]
            request.header("Content-Type", Headers.ContentType)
            request.header("Content-Encoding", Headers.ContentEncoding)
            request.header("Cache-Control", Headers.CacheControl)
            return request
        }

        package static func decode(_ response: HTTPResponse) throws -> Response {
            let root = try XMLElement(parsing: response.body)
            guard let id = root.first("UploadId")?.text else { throw S3.Malformed(missing: "UploadId") }
            return Response(UploadId: id)
        }
    }
}
