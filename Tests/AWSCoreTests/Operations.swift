internal import AWSCore
internal import HTTPTransport

/// A call of a JSON service with two fields, one answer code, and pages.
struct ListThings: AWSJSONOperation, Encodable, PaginatedOperation {
    static let service = AWSService(id: "THINGS", endpointPrefix: "things", signingName: "things")
    static let json = AWSJSONProtocol(version: "1.1", targetPrefix: "Things_V1")
    static let answerCodes: Set<AWSServiceError.Code> = [.limitExceeded]

    var kind = "any"
    var nextToken: String?

    struct Response: Decodable, Sendable, Equatable {
        var names: [String]
        var nextToken: String?
        var changedAt: Double?
    }

    func following(_ token: String) -> Self {
        var copy = self
        copy.nextToken = token
        return copy
    }

    static func nextToken(in page: Response) -> String? { page.nextToken }
}

/// The same call where `LimitExceededException` is a throttle, as it is for most operations.
struct CountThings: AWSJSONOperation, Encodable {
    static let service = ListThings.service
    static let json = ListThings.json

    struct Response: Decodable, Sendable {
        var count: Int
    }
}

/// A call whose repetition has a second effect.
struct AddThing: AWSJSONOperation, Encodable {
    static let service = ListThings.service
    static let json = ListThings.json
    static let isIdempotent = false

    struct Response: Decodable, Sendable {}
}

/// A request as it is given, to a service of the general kind.
struct AnyCall: AWSOperation {
    static let service = AWSService(id: "ANY", endpointPrefix: "any", signingName: "any")
    static let name = "AnyCall"

    var request: AWSRequest

    func encode() throws -> AWSRequest { request }

    static func decode(_ response: HTTPResponse) throws -> Int { response.status }
}

/// A request as it is given, to S3.
struct AnyStorageCall: AWSOperation {
    static let service = AWSService(id: "S3", endpointPrefix: "s3", signingName: "s3")
    static let name = "AnyStorageCall"

    var request: AWSRequest

    func encode() throws -> AWSRequest { request }

    static func decode(_ response: HTTPResponse) throws -> Int { response.status }
}

/// A call of a query service.
struct NameThing: AWSQueryOperation {
    static let service = AWSService(id: "STS", endpointPrefix: "sts", signingName: "sts")
    static let version = "2011-06-15"

    typealias Response = String

    var parameters: [(name: String, value: String)] { [("Name", "a thing & more"), ("Empty", "")] }

    static func decode(_ root: XMLElement) throws -> String { try root.required("NameThingResult", "Thing") }
}
