// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore
package import HTTPTransport

extension S3 {
    /// Joins the parts to the object, atomically and under the same conditions as `PutObject`.
    package struct CompleteMultipartUpload: S3Operation {
        /// The bucket, by name.
        package var Bucket: String
        /// The object's key, without a leading slash.
        package var Key: String
        /// The upload that `CreateMultipartUpload` began.
        package var UploadId: String
        /// The ETags of the parts, from number 1.
        package var Parts: [String]
        /// The ETag, with its quotes, that the object must have.
        package var IfMatch: String?
        /// `*` asks that no object be there yet.
        package var IfNoneMatch: String?

        /// Asks to join the parts.
        package init(
            Bucket: String,
            Key: String,
            UploadId: String,
            Parts: [String],
            IfMatch: String? = nil,
            IfNoneMatch: String? = nil
        ) {
            self.Bucket = Bucket
            self.Key = Key
            self.UploadId = UploadId
            self.Parts = Parts
            self.IfMatch = IfMatch
            self.IfNoneMatch = IfNoneMatch
        }

        package struct Response: Sendable, Hashable {
            /// With its quotes; names this version of the object.
            package var ETag: String?
        }

        package func encode() throws -> AWSRequest {
            var request = AWSRequest()
            request.path = S3.path(Bucket, Key)
            request.query = [("uploadId", UploadId)]
            request.header("Content-Type", "application/xml")
            request.header("If-Match", IfMatch)
            request.header("If-None-Match", IfNoneMatch)
            let parts = Parts.enumerated().map { number, etag in
                "<Part><PartNumber>\(number + 1)</PartNumber><ETag>\(S3.escape(etag))</ETag></Part>"
            }
            let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
            let root = "<CompleteMultipartUpload xmlns=\"\(namespace)\">\(parts.joined())</CompleteMultipartUpload>"
            request.body = Array(root.utf8)
            return request
        }

        /// S3 may answer 200 before it knows, and tell of the failure in the body.
        package static func decode(_ response: HTTPResponse) throws -> Response {
            let root = try XMLElement(parsing: response.body)
            guard root.name != "Error" else { throw ErrorInSuccessResponse() }
            return Response(ETag: root.first("ETag")?.text ?? response.header("etag"))
        }
    }
}
