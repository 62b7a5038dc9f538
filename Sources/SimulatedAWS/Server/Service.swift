/// The services that the simulator plays, by their names in `/_calls` and `/_fail`.
enum Service: String, Sendable, CaseIterable {
    case organizations
    case sts
    case account
    case ecr
    case dynamodb
    case streams
    case s3

    /// How requests, answers and errors look on the wire.
    enum Format {
        case json(version: String)
        case restJSON
        case query
        case restXML
    }

    var format: Format {
        switch self {
        case .organizations, .ecr: .json(version: "1.1")
        case .dynamodb, .streams: .json(version: "1.0")
        case .account: .restJSON
        case .sts: .query
        case .s3: .restXML
        }
    }

    /// The service in the signature's scope.
    var signingName: String { self == .streams ? "dynamodb" : rawValue }

    /// What stands before the dot of `X-Amz-Target`.
    var targetPrefix: String? {
        switch self {
        case .organizations: "AWSOrganizationsV20161128"
        case .ecr: "AmazonEC2ContainerRegistry_V20150921"
        case .dynamodb: "DynamoDB_20120810"
        case .streams: "DynamoDBStreams_20120810"
        case .sts, .account, .s3: nil
        }
    }

    /// The one region that a global service is signed for.
    var globalRegion: String? {
        switch self {
        case .organizations, .account: "us-east-1"
        default: nil
        }
    }
}
