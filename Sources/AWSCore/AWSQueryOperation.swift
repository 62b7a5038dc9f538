package import HTTPTransport

/// An operation of a query service: a form goes out, XML comes back.
package protocol AWSQueryOperation: AWSOperation {
    /// The API's version, such as `2011-06-15`.
    static var version: String { get }
    /// The parameters, without `Action` and `Version`.
    var parameters: [(name: String, value: String)] { get }
    /// Reads the answer's root element.
    static func decode(_ root: XMLElement) throws -> Response
}

/// An element that the service's model promises is not there.
package struct MissingElement: Error, Hashable, Sendable, CustomStringConvertible {
    package let name: String
    package var description: String { "the answer lacks the element \(name)" }

    /// Names the element.
    package init(name: String) { self.name = name }
}

extension AWSQueryOperation {
    /// The type's own name, which is AWS' name of the call.
    package static var name: String { String(describing: Self.self) }

    package static var constantHeaders: [(name: String, value: String)] {
        [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")]
    }

    package func encode() throws -> AWSRequest {
        var request = AWSRequest()
        let form = [(name: "Action", value: Self.name), (name: "Version", value: Self.version)] + parameters
        request.body = Array(
            form.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
                .utf8
        )
        return request
    }

    package static func decode(_ response: HTTPResponse) throws -> Response {
        try decode(try XMLElement(parsing: response.body))
    }
}

extension XMLElement {
    /// The text of a descendant, one name a level.
    package func required(_ path: String...) throws -> String {
        var element = self
        for name in path {
            guard let next = element.first(name) else { throw MissingElement(name: name) }
            element = next
        }
        return element.text
    }
}
