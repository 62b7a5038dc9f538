package import AWSCore

/// The change streams of DynamoDB's tables; a record is kept for 24 hours.
package enum DynamoDBStreams {
    /// DynamoDB Streams; it has endpoints of its own and signs as `dynamodb`.
    package static let service = AWSService(
        id: "DYNAMODB_STREAMS",
        endpointPrefix: "streams.dynamodb",
        signingName: "dynamodb"
    )
}

/// A call of DynamoDB Streams.
package protocol DynamoDBStreamsOperation: AWSJSONOperation, Encodable {}

extension DynamoDBStreamsOperation {
    /// DynamoDB Streams; it has endpoints of its own and signs as `dynamodb`.
    package static var service: AWSService { DynamoDBStreams.service }
    /// JSON 1.0 with the target prefix of the streams' interface.
    package static var json: AWSJSONProtocol {
        AWSJSONProtocol(version: "1.0", targetPrefix: "DynamoDBStreams_20120810")
    }
}
