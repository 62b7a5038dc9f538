import Testing

@testable import SimulatedAWS

@Suite struct DatabaseTests {
    private func query(_ condition: String, _ values: JSONValue, _ more: [JSONValue.Member] = []) -> JSONValue {
        let base: JSONValue = [
            "TableName": "items", "KeyConditionExpression": .string(condition), "ExpressionAttributeValues": values,
        ]
        return .object((base.members ?? []) + more)
    }

    private func sorts(_ answer: JSONValue) -> [String] {
        (answer["Items"]?.elements ?? []).compactMap { $0["SK"]?["S"]?.text }
    }

    @Test(
        arguments: [
            ("PK = :p", 10, "0", "9"), ("PK = :p AND SK > :low", 6, "4", "9"), ("PK = :p AND SK >= :low", 7, "3", "9"),
            ("PK = :p AND SK < :low", 3, "0", "2"), ("PK = :p AND SK <= :low", 4, "0", "3"),
            ("PK = :p AND SK = :low", 1, "3", "3"), ("PK = :p AND begins_with(SK, :low)", 1, "3", "3"),
            ("SK BETWEEN :low AND :low AND PK = :p", 1, "3", "3"),
        ]
    )
    func `A key condition chooses a run of sort keys`(condition: String, count: Int, first: String, last: String) throws
    {
        var database = try TestDatabase()
        for number in [3, 1, 4, 0, 5, 9, 2, 6, 8, 7] { try database.put("p", "\(number)") }
        try database.put("q", "3")
        let values: JSONValue =
            condition == "PK = :p" ? [":p": ["S": "p"]] : [":p": ["S": "p"], ":low": ["S": "3"]]
        let found = sorts(try database.call("Query", query(condition, values)))
        #expect(found.count == count && found.first == first && found.last == last)
        let back = JSONValue.Member(key: "ScanIndexForward", value: false)
        #expect(sorts(try database.call("Query", query(condition, values, [back]))) == found.reversed())
    }

    @Test(arguments: [true, false]) func `Pages of a query join without gap or overlap`(isForward: Bool) throws {
        var database = try TestDatabase()
        for number in 0..<25 { try database.put("p", "\(number + 100)") }
        var found: [String] = []
        var more = [
            JSONValue.Member(key: "Limit", value: 7),
            JSONValue.Member(key: "ScanIndexForward", value: .bool(isForward)),
        ]
        var pages = 0
        while pages < 10 {
            let page = try database.call("Query", query("PK = :p", [":p": ["S": "p"]], more))
            found += sorts(page)
            pages += 1
            guard let last = page["LastEvaluatedKey"] else { break }
            more = more.prefix(2) + [JSONValue.Member(key: "ExclusiveStartKey", value: last)]
        }
        #expect(pages == 4)
        let all = (100..<125).map { "\($0)" }
        #expect(found == (isForward ? all : all.reversed()))
    }

    @Test func `A page ends at 1 MB, an item at 400 KB`() throws {
        var database = try TestDatabase()
        for number in 0..<4 { try database.put("p", "\(number)", ["v": String(repeating: "x", count: 400_000)]) }
        let page = try database.call("Query", query("PK = :p", [":p": ["S": "p"]]))
        #expect(page["Count"] == 3 && page["LastEvaluatedKey"]?["SK"] == ["S": "2"])
        let code = try fault { try database.put("p", "big", ["v": String(repeating: "x", count: 409_600)]) }
        #expect(code == "ValidationException")
        #expect(try database.call("Scan", ["TableName": "items"])["Count"] == 3)
    }

    @Test func `A failed condition shows the item where that is asked for`() throws {
        var database = try TestDatabase()
        try database.put("p", "1", ["v": "old"])
        let put: JSONValue = [
            "TableName": "items", "Item": ["PK": ["S": "p"], "SK": ["S": "1"]],
            "ConditionExpression": "attribute_not_exists(PK)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        ]
        let error = #expect(throws: ServiceFault.self) { _ = try database.call("PutItem", put) }
        #expect(error?.code == "ConditionalCheckFailedException")
        #expect(error?.members.first?.value["v"] == ["S": "old"])
    }

    @Test func `A filter hides what counts towards the limit`() throws {
        var database = try TestDatabase()
        for number in 0..<6 { try database.put("p", "\(number)", ["v": number < 4 ? "no" : "yes"]) }
        let page = try database.call(
            "Query",
            query(
                "PK = :p",
                [":p": ["S": "p"], ":v": ["S": "yes"]],
                [JSONValue.Member(key: "FilterExpression", value: "v = :v"), JSONValue.Member(key: "Limit", value: 5)]
            )
        )
        #expect(page["Count"] == 1 && page["ScannedCount"] == 5 && page["LastEvaluatedKey"] != nil)
    }

    @Test func `Batches refuse what is named twice, and too much`() throws {
        var database = try TestDatabase()
        let key: JSONValue = ["PK": ["S": "p"], "SK": ["S": "1"]]
        let twice: JSONValue = ["RequestItems": ["items": ["Keys": [key, key]]]]
        let code = try fault { _ = try database.call("BatchGetItem", twice) }
        #expect(code == "ValidationException")
        let put: JSONValue = ["PutRequest": ["Item": key]]
        let many: JSONValue = ["RequestItems": ["items": .array(Array(repeating: put, count: 26))]]
        let second = try fault { _ = try database.call("BatchWriteItem", many) }
        #expect(second == "ValidationException")
    }

    @Test func `A table is not there for reading and writing while it is being created`() throws {
        var database = try TestDatabase()
        database.now -= 1
        #expect(try database.call("DescribeTable", ["TableName": "items"])["Table"]?["TableStatus"] == "CREATING")
        let code = try fault { try database.put("p", "1") }
        #expect(code == "ResourceNotFoundException")
    }
}
