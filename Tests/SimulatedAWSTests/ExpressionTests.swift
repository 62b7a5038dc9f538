import Foundation
import Testing

@testable import SimulatedAWS

@Suite struct ExpressionTests {
    private static let item: JSONValue = [
        "PK": ["S": "a"], "n": ["N": "7"], "note": ["S": "rustle"], "tags": ["SS": ["x", "y"]],
        "nest": ["M": ["deep": ["L": [["N": "1"], ["S": "two"]]]]], "off": ["BOOL": false],
    ]
    private static let values: JSONValue = [
        ":seven": ["N": "7.0"], ":nine": ["N": "9"], ":ru": ["S": "ru"], ":x": ["S": "x"], ":two": ["S": "two"],
        ":type": ["S": "N"],
    ]

    @Test(
        arguments: [
            ("n = :seven", true), ("n <> :seven", false), ("n < :nine", true), ("n >= :nine", false),
            ("gone = :seven", false), ("gone <> :seven", true), ("gone < :nine", false),
            ("attribute_exists(nest.deep[1])", true), ("attribute_exists(nest.deep[2])", false),
            ("attribute_not_exists(gone)", true), ("nest.deep[1] = :two", true),
            ("begins_with(note, :ru)", true), ("begins_with(note, :x)", false),
            ("n BETWEEN :seven AND :nine", true), ("n BETWEEN :nine AND :nine", false),
            ("n IN (:x, :seven)", true), ("contains(tags, :x)", true), ("contains(note, :x)", false),
            ("size(tags) < :seven", true), ("attribute_type(n, :type)", true),
            ("NOT n = :seven OR note = :x", false), ("NOT (n = :nine OR note = :x)", true),
            ("n = :nine AND note = :x OR n = :seven", true), ("n = :nine AND (note = :x OR n = :seven)", false),
            ("note < :seven", false), ("note >= :seven", false),
        ]
    )
    func `A condition holds or not`(expression: String, holds: Bool) throws {
        let placeholders = try Placeholders(["ExpressionAttributeValues": Self.values])
        let condition = try ExpressionParser.condition(expression, kind: "ConditionExpression", placeholders)
        #expect(condition.holds(for: try Item(reading: Self.item)) == holds)
    }

    @Test(
        arguments: [
            "n =", "n = :seven AND", "(n = :seven", "n = :seven)", "count = :seven", "n ! :seven", "exists(n)",
            "n = :none",
            "#none = :seven", "", "n", "n BETWEEN :seven", "attribute_exists(n", "begins_with(n)",
        ]
    )
    func `A condition that DynamoDB refuses is refused`(expression: String) throws {
        let code = try fault {
            let placeholders = try Placeholders(["ExpressionAttributeValues": Self.values])
            _ = try ExpressionParser.condition(expression, kind: "ConditionExpression", placeholders)
        }
        #expect(code == "ValidationException")
    }

    @Test func `Names and values that no expression uses are refused`() throws {
        let placeholders = try Placeholders([
            "ExpressionAttributeNames": ["#n": "n"],
            "ExpressionAttributeValues": [":seven": ["N": "7"], ":x": ["S": "x"]],
        ])
        _ = try ExpressionParser.condition("#n = :seven", kind: "ConditionExpression", placeholders)
        let code = try fault { try placeholders.checkAllUsed() }
        #expect(code == "ValidationException")
        _ = try ExpressionParser.condition("#n = :x", kind: "ConditionExpression", placeholders)
        let second = try fault { try placeholders.checkAllUsed() }
        #expect(second == nil)
    }
}
