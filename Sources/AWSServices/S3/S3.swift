// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore
package import HTTPTransport

/// Amazon Simple Storage Service, always addressed by path: `/bucket/key`.
package enum S3 {
    /// S3, whose paths are signed without a second encoding.
    package static let service = AWSService(id: "S3", endpointPrefix: "s3", signingName: "s3")
}

/// A call of S3.
package protocol S3Operation: AWSOperation {
    /// The error code that an answer without a body means, by its status.
    static func code(ofStatus status: Int) -> String?
}

extension S3Operation {
    /// S3, whose paths are signed without a second encoding.
    package static var service: AWSService { S3.service }
    /// The type's own name, which is AWS' name of the call.
    package static var name: String { String(describing: Self.self) }

    package static func decodeError(_ response: HTTPResponse) -> (code: String, message: String)? {
        guard response.body.isEmpty, let code = code(ofStatus: response.status) else { return nil }
        return (code, "status \(response.status) without a body")
    }

    package static func code(ofStatus status: Int) -> String? {
        switch status {
        case 301: "PermanentRedirect"
        case 403: "AccessDenied"
        case 404: "NoSuchKey"
        case 409: "ConditionalRequestConflict"
        case 412: "PreconditionFailed"
        default: nil
        }
    }
}

extension S3 {
    /// What an object says of its bytes.
    package struct ObjectHeaders: Sendable, Hashable {
        /// Such as `application/json`.
        package var ContentType: String?
        /// Such as `gzip`.
        package var ContentEncoding: String?
        /// Such as `max-age=60`.
        package var CacheControl: String?

        /// Describes an object's bytes.
        package init(ContentType: String? = nil, ContentEncoding: String? = nil, CacheControl: String? = nil) {
            self.ContentType = ContentType
            self.ContentEncoding = ContentEncoding
            self.CacheControl = CacheControl
        }
    }

    /// An answer without what every answer of its kind has.
    struct Malformed: Error {
        var missing: String
    }

    /// Text as XML holds it.
    static func escape(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            default: escaped.append(character)
            }
        }
    }

    /// A path of percent-encoded UTF-8 in which the key's slashes stay.
    static func path(_ bucket: String, _ key: String) -> String {
        "/\(PercentEncoding.encode(bucket))/\(PercentEncoding.encode(key, keeping: [UInt8(ascii: "/")]))"
    }
}

extension AWSRequest {
    mutating func header(_ name: String, _ value: String?) {
        if let value { headers.append((name, value)) }
    }
}
