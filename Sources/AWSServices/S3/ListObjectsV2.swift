// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore
package import HTTPTransport

extension S3 {
    /// Names the objects below a prefix, 1,000 a page.
    package struct ListObjectsV2: S3Operation, PaginatedOperation {
        /// The bucket, by name.
        package var Bucket: String
        /// Only keys that begin so.
        package var Prefix: String
        /// A cursor from the page before; nil asks for the first page.
        package var ContinuationToken: String?

        /// Asks for the first page.
        package init(Bucket: String, Prefix: String) {
            self.Bucket = Bucket
            self.Prefix = Prefix
        }

        /// An object as a listing names it.
        package struct Object: Sendable, Hashable {
            /// The object's whole key.
            package var Key: String
            /// With its quotes.
            package var ETag: String
        }

        package struct Response: Sendable, Hashable {
            /// One page, at most 1,000, sorted by key.
            package var Contents: [Object]
            /// The cursor of the next page; nil after the last.
            package var NextContinuationToken: String?
        }

        package func following(_ token: String) -> Self {
            var next = self
            next.ContinuationToken = token
            return next
        }

        /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
        package static func nextToken(in page: Response) -> String? { page.NextContinuationToken }

        package func encode() throws -> AWSRequest {
            var request = AWSRequest()
            request.method = "GET"
            request.path = "/" + PercentEncoding.encode(Bucket)
            request.query = [("list-type", "2"), ("prefix", Prefix)]
            if let ContinuationToken { request.query.append(("continuation-token", ContinuationToken)) }
            return request
        }

        package static func decode(_ response: HTTPResponse) throws -> Response {
            let root = try XMLElement(parsing: response.body)
            let contents = root.children.filter { $0.name == "Contents" }
            return Response(
                Contents: try contents.map { element in
                    guard let key = element.first("Key")?.text, let etag = element.first("ETag")?.text else {
                        throw S3.Malformed(missing: "Key, ETag")
                    }
                    return Object(Key: key, ETag: etag)
                },
                NextContinuationToken: root.first("NextContinuationToken")?.text
            )
        }
    }
}
