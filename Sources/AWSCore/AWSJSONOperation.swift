internal import FoundationEssentials
package import HTTPTransport

/// How a service speaks JSON over POST: the protocol's version and the prefix of its operations' names.
package struct AWSJSONProtocol: Sendable, Hashable {
    /// `1.0` or `1.1`, part of the content type.
    package let version: String
    /// The part of `X-Amz-Target` before the operation.
    package let targetPrefix: String

    /// Describes a service's protocol as its model does.
    package init(version: String, targetPrefix: String) {
        self.version = version
        self.targetPrefix = targetPrefix
    }
}

/// An operation of a JSON 1.0 or 1.1 service; times are seconds since 1970.
package protocol AWSJSONOperation: AWSOperation {
    /// The service's protocol.
    static var json: AWSJSONProtocol { get }
    /// Builds the body; an `Encodable` operation gets it from the general coder.
    func encodeBody() throws -> [UInt8]
    /// Whether the answer may have hundreds of kilobytes, so that gzip is asked for.
    ///
    /// Gzip cuts the paid traffic to a third, for 1.5 ms of CPU. False where a checksum covers the compressed bytes.
    var expectsLargeAnswer: Bool { get }
}

extension AWSJSONOperation {
    /// The type's own name, which is AWS' name of the call.
    package static var name: String { String(describing: Self.self) }

    package var expectsLargeAnswer: Bool { false }

    package static var constantHeaders: [(name: String, value: String)] {
        [
            ("Content-Type", "application/x-amz-json-\(Self.json.version)"),
            ("X-Amz-Target", "\(Self.json.targetPrefix).\(Self.name)"),
        ]
    }

    package func encode() throws -> AWSRequest {
        var request = AWSRequest()
        request.acceptsGzip = expectsLargeAnswer
        request.body = try encodeBody()
        return request
    }
}

extension AWSJSONOperation where Self: Encodable {
    package func encodeBody() throws -> [UInt8] { Array(try JSONEncoder().encode(self)) }
}

extension AWSJSONOperation where Response: Decodable {
    package static func decode(_ response: HTTPResponse) throws -> Response {
        try JSONDecoder().decode(Response.self, from: Data(response.body))
    }
}
