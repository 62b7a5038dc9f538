package import AWSCore
package import JSON

/// Amazon DynamoDB.
package enum DynamoDB {
    /// DynamoDB, as its endpoint rules and signatures name it.
    package static let service = AWSService(id: "DYNAMODB", endpointPrefix: "dynamodb", signingName: "dynamodb")

    /// An item, or a key of one: attributes by name.
    package typealias Item = [String: AttributeValue]
}

/// A call of DynamoDB.
package protocol DynamoDBOperation: AWSJSONOperation {}

extension DynamoDBOperation {
    /// DynamoDB, as its endpoint rules and signatures name it.
    package static var service: AWSService { DynamoDB.service }
    /// JSON 1.0 with the target prefix of the 2012 interface.
    package static var json: AWSJSONProtocol { AWSJSONProtocol(version: "1.0", targetPrefix: "DynamoDB_20120810") }
}

/// A call that carries items, which makes it hot: it is written and read without the general coders.
package protocol DynamoDBItemOperation: DynamoDBOperation {
    /// Writes the request's members; the object around them is there already.
    func write(to writer: inout JSONWriter)
}

extension DynamoDBItemOperation {
    package func encodeBody() throws -> [UInt8] { JSONWriter.object { write(to: &$0) } }
}
