// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore
package import HTTPTransport

extension S3 {
    /// Writes a whole object, atomically.
    ///
    /// A condition that does not hold gives `PreconditionFailed`, and a race of two writers `ConditionalRequestConflict`.
    /// After a lost answer the repeated call may meet its own write, so that the first of these needs a look at the object.
    package struct PutObject: S3Operation {
        /// The bucket, by name.
        package var Bucket: String
        /// The object's key, without a leading slash.
        package var Key: String
        /// The object's bytes, at most 5 GB.
        package var Body: [UInt8]
        /// The headers stored with the object and answered with it.
        package var Headers: ObjectHeaders
        /// The ETag, with its quotes, that the object must have.
        package var IfMatch: String?
        /// `*`: the object must not be there.
        package var IfNoneMatch: String?

        /// Asks to write an object.
        package init(
            Bucket: String,
            Key: String,
            Body: [UInt8],
            Headers: ObjectHeaders = ObjectHeaders(),
            IfMatch: String? = nil,
            IfNoneMatch: String? = nil
        ) {
            self.Bucket = Bucket
            self.Key = Key
            self.Body = Body
            self.Headers = Headers
            self.IfMatch = IfMatch
            self.IfNoneMatch = IfNoneMatch
        }

        package struct Response: Sendable, Hashable {
            /// With its quotes; names this version of the object.
            package var ETag: String?
        }

        package func encode() throws -> AWSRequest {
            var request = AWSRequest()
            request.method = "PUT"
            request.path = S3.path(Bucket, Key)
            request.header("Content-Type", Headers.ContentType)
            request.header("Content-Encoding", Headers.ContentEncoding)
            request.header("Cache-Control", Headers.CacheControl)
            request.header("If-Match", IfMatch)
            request.header("If-None-Match", IfNoneMatch)
            request.body = Body
            return request
        }

        package static func decode(_ response: HTTPResponse) throws -> Response {
            Response(ETag: response.header("etag"))
        }
    }
}
