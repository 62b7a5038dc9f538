// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore
package import HTTPTransport

extension S3 {
    /// Removes an object; that it is not there is no error.
    package struct DeleteObject: S3Operation {
        /// The bucket, by name.
        package var Bucket: String
        /// The object's key, without a leading slash.
        package var Key: String
        /// The ETag, with its quotes, that the object must have.
        package var IfMatch: String?

        /// Asks to remove an object.
        package init(Bucket: String, Key: String, IfMatch: String? = nil) {
            self.Bucket = Bucket
            self.Key = Key
            self.IfMatch = IfMatch
        }

        package struct Response: Sendable, Hashable {}

        package func encode() throws -> AWSRequest {
            var request = AWSRequest()
            request.method = "DELETE"
            request.path = S3.path(Bucket, Key)
            request.header("If-Match", IfMatch)
            return request
        }

        package static func decode(_ response: HTTPResponse) throws -> Response { Response() }
    }
}
