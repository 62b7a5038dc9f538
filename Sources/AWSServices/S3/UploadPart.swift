// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore
package import HTTPTransport

extension S3 {
    /// Sends one part of an object; all but the last have at least 5 MiB.
    package struct UploadPart: S3Operation {
        /// The bucket, by name.
        package var Bucket: String
        /// The object's key, without a leading slash.
        package var Key: String
        /// The upload that `CreateMultipartUpload` began.
        package var UploadId: String
        /// From 1 to 10,000.
        package var PartNumber: Int
        /// The part's bytes, at least 5 MiB in all but the last.
        package var Body: [UInt8]

        /// Asks to keep a part.
        package init(Bucket: String, Key: String, UploadId: String, PartNumber: Int, Body: [UInt8]) {
            self.Bucket = Bucket
            self.Key = Key
            self.UploadId = UploadId
            self.PartNumber = PartNumber
            self.Body = Body
        }

        package struct Response: Sendable, Hashable {
            /// With its quotes; `CompleteMultipartUpload` names the part by it.
            package var ETag: String?
        }

        package func encode() throws -> AWSRequest {
            var request = AWSRequest()
            request.method = "PUT"
            request.path = S3.path(Bucket, Key)
            request.query = [("partNumber", String(PartNumber)), ("uploadId", UploadId)]
            request.body = Body
            return request
        }

        package static func decode(_ response: HTTPResponse) throws -> Response {
            Response(ETag: response.header("etag"))
        }
    }
}
