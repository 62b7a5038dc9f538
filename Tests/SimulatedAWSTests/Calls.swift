@testable import SimulatedAWS

/// A database with one table, called without the wire in between.
struct TestDatabase {
    private var database: Database
    /// Seconds since 1970.
    var now = 1000.0

    init(shardRecords: Int = 500) throws {
        database = Database(shardRecords: shardRecords)
        _ = try call(
            "CreateTable",
            [
                "TableName": "items",
                "KeySchema": [
                    ["AttributeName": "PK", "KeyType": "HASH"], ["AttributeName": "SK", "KeyType": "RANGE"],
                ],
                "AttributeDefinitions": [
                    ["AttributeName": "PK", "AttributeType": "S"], ["AttributeName": "SK", "AttributeType": "S"],
                ],
                "StreamSpecification": ["StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"],
            ]
        )
        now += 1
    }

    private func prepare(_ service: Service, _ operation: String, _ input: JSONValue) -> Call {
        Call(
            service: service,
            operation: operation,
            region: "us-east-1",
            caller: Caller(account: "111111111111", arn: "arn:aws:iam::111111111111:user/test", userID: "test"),
            request: WireRequest(method: "POST", path: "/"),
            input: input,
            now: now
        )
    }

    mutating func call(_ operation: String, _ input: JSONValue) throws -> JSONValue {
        try database.answer(prepare(.dynamodb, operation, input))
    }

    mutating func put(_ partition: String, _ sort: String, _ more: [String: String] = [:]) throws {
        let more = more.map { JSONValue.Member(key: $0.key, value: ["S": .string($0.value)]) }
        let key: [JSONValue.Member] = [
            JSONValue.Member(key: "PK", value: ["S": .string(partition)]),
            JSONValue.Member(key: "SK", value: ["S": .string(sort)]),
        ]
        _ = try call("PutItem", ["TableName": "items", "Item": .object(key + more)])
    }

    func stream(_ operation: String, _ input: JSONValue) throws -> JSONValue {
        try StreamsService(database: database).answer(prepare(.streams, operation, input))
    }

    mutating func streamARN() throws -> String {
        try call("DescribeTable", ["TableName": "items"])["Table"]?["LatestStreamArn"]?.text ?? ""
    }

    mutating func trim() { database.trimStreams() }
}

/// The code of the fault that `body` throws; nil where it throws none.
func fault(_ body: () throws -> Void) throws -> String? {
    do {
        try body()
        return nil
    } catch let fault as ServiceFault {
        return fault.code
    }
}
