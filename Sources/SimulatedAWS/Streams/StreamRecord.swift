/// What happened to one item.
struct StreamChange: Sendable {
    var keys: Item
    var hash: AttributeValue
    var old: Item?
    var new: Item?
    /// Seconds since 1970.
    var at: Double

    var name: String {
        guard old != nil else { return "INSERT" }
        return new == nil ? "REMOVE" : "MODIFY"
    }
}

/// A change with its place in the stream.
struct StreamRecord: Sendable {
    var change: StreamChange
    var sequence: Int

    /// Sequence numbers have 21 digits, so that their order is that of their text too.
    static func text(of sequence: Int) -> String {
        "1" + String(repeating: "0", count: 20 - "\(sequence)".count) + "\(sequence)"
    }

    var size: Int { change.keys.size + (change.old?.size ?? 0) + (change.new?.size ?? 0) }

    func json(region: String) -> JSONValue {
        [
            "eventID": .string(String(sequence, radix: 16)),
            "eventName": .string(change.name),
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": .string(region),
            "dynamodb": .compact([
                "ApproximateCreationDateTime": .number(change.at.rounded(.down)),
                "Keys": change.keys.json,
                "NewImage": change.new?.json,
                "OldImage": change.old?.json,
                "SequenceNumber": .string(Self.text(of: sequence)),
                "SizeBytes": .integer(size),
                "StreamViewType": "NEW_AND_OLD_IMAGES",
            ]),
        ]
    }
}
