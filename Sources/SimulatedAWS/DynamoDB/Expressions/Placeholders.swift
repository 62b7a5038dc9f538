/// A request's `ExpressionAttributeNames` and `ExpressionAttributeValues`; what no expression uses is an error.
final class Placeholders {
    private let names: [String: String]
    private let values: Item
    private var usedNames: Set<String> = []
    private var usedValues: Set<String> = []

    init(_ input: JSONValue) throws {
        let members = input["ExpressionAttributeNames"]?.members ?? []
        names = Dictionary(members.map { ($0.key, $0.value.text ?? "") }) { $1 }
        values = try input["ExpressionAttributeValues"].map(Item.init(reading:)) ?? [:]
    }

    func name(_ placeholder: String, kind: String) throws -> String {
        usedNames.insert(placeholder)
        guard let name = names[placeholder] else {
            throw ServiceFault.validation(
                "Invalid \(kind): An expression attribute name used in the document path is not defined; "
                    + "attribute name: \(placeholder)"
            )
        }
        return name
    }

    func value(_ placeholder: String, kind: String) throws -> AttributeValue {
        usedValues.insert(placeholder)
        guard let value = values[placeholder] else {
            throw ServiceFault.validation(
                "Invalid \(kind): An expression attribute value used in expression is not defined; "
                    + "attribute value: \(placeholder)"
            )
        }
        return value
    }

    /// Refuses what was given and not used, as DynamoDB does.
    func checkAllUsed() throws {
        if let name = names.keys.filter({ !usedNames.contains($0) }).min() {
            throw ServiceFault.validation(
                "Value provided in ExpressionAttributeNames unused in expressions: keys: {\(name)}"
            )
        }
        if let value = values.keys.filter({ !usedValues.contains($0) }).min() {
            throw ServiceFault.validation(
                "Value provided in ExpressionAttributeValues unused in expressions: keys: {\(value)}"
            )
        }
    }
}
