// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore
package import HTTPTransport

extension S3 {
    /// Tells whether a bucket is there and the caller may list it; its answers have no body, so that the status is the error.
    package struct HeadBucket: S3Operation {
        /// The bucket, by name.
        package var Bucket: String

        /// Asks about a bucket.
        package init(Bucket: String) { self.Bucket = Bucket }

        package struct Response: Sendable, Hashable {}

        package func encode() throws -> AWSRequest {
            var request = AWSRequest()
            request.method = "HEAD"
            request.path = "/" + PercentEncoding.encode(Bucket)
            return request
        }

        package static func decode(_ response: HTTPResponse) throws -> Response { Response() }

        package static func code(ofStatus status: Int) -> String? {
            switch status {
            case 301: "PermanentRedirect"
            case 400: "BadRequest"
            case 403: "AccessDenied"
            case 404: "NoSuchBucket"
            default: nil
            }
        }
    }
}
