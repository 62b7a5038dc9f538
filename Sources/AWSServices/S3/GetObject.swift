// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore
package import HTTPTransport

extension S3 {
    /// Reads an object, or a range of its bytes.
    package struct GetObject: S3Operation {
        /// The bucket, by name.
        package var Bucket: String
        /// The object's key, without a leading slash.
        package var Key: String
        /// The ETag, with its quotes, of a version that need not be sent again.
        package var IfNoneMatch: String?
        /// The ETag, with its quotes, of the only version that is wanted.
        package var IfMatch: String?
        /// Such as `bytes=0-1023`.
        package var Range: String?

        /// Asks for an object.
        package init(
            Bucket: String,
            Key: String,
            IfNoneMatch: String? = nil,
            IfMatch: String? = nil,
            Range: String? = nil
        ) {
            self.Bucket = Bucket
            self.Key = Key
            self.IfNoneMatch = IfNoneMatch
            self.IfMatch = IfMatch
            self.Range = Range
        }

        package struct Response: Sendable, Hashable {
            /// Nil where the object is still the version that `IfNoneMatch` names.
            package var Body: [UInt8]?
            /// With its quotes; names this version of the object.
            package var ETag: String?
            /// The headers stored with the object and answered with it.
            package var Headers: ObjectHeaders
            /// Which bytes these are and how many there are, such as `bytes 0-1023/4096`; nil for a whole object.
            package var ContentRange: String?
        }

        package func encode() throws -> AWSRequest {
            var request = AWSRequest()
            request.method = "GET"
            request.path = S3.path(Bucket, Key)
            request.header("If-None-Match", IfNoneMatch)
            request.header("If-Match", IfMatch)
            request.header("Range", Range)
            return request
        }

        package static func decode(_ response: HTTPResponse) throws -> Response {
            Response(
                Body: response.status == 304 ? nil : response.body,
                ETag: response.header("etag"),
                Headers: ObjectHeaders(
                    ContentType: response.header("content-type"),
                    ContentEncoding: response.header("content-encoding"),
                    CacheControl: response.header("cache-control")
                ),
                ContentRange: response.header("content-range")
            )
        }
    }
}
