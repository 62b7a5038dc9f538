internal import AWSServices
internal import Compression
internal import Domain
internal import FindingStore
internal import JSON

/// The delivery state of a message; the raw value is a partition key.
package enum DeliveryState: String, Hashable, Sendable, CaseIterable {
    /// Not delivered yet.
    case outbox
    /// Accepted with a 2xx; retained for a month, so that `explain` can name the message.
    case sent
    /// Refused for its content and never delivered.
    case refused
}

extension Key {
    static let outbox = DeliveryState.outbox.rawValue
}

/// Encodes messages as items: the sections are compressed JSON.
enum MessageCodec {
    private static let largestJSON = 64 << 20

    static func item(of message: OutboxMessage, _ deliveryState: DeliveryState) throws -> DynamoDB.Item {
        var item = Key.message(message.id, deliveryState).item
        item["at"] = .number(message.at)
        item["room"] = .s(message.room)
        var json = JSONWriter()
        json.beginArray()
        for section in message.sections {
            json.string(section.text)
            json.string(section.event)
        }
        json.endArray()
        item["sections"] = .b(try Gzip.compress(json.drain()))
        return item
    }

    static func message(_ item: DynamoDB.Item) throws -> OutboxMessage {
        let reader = try ItemReader(item)
        let entry = try entry(item)
        let bytes = try Gzip.decompress(try reader.bytes("sections"), limit: largestJSON)
        let texts = try JSONCursor.parse(bytes) { try $0.readList { try $0.readString() } }
        guard texts.count.isMultiple(of: 2) else { throw reader.malformed("sections") }
        let sections = stride(from: 0, to: texts.count, by: 2).map {
            MessageSection(text: texts[$0], event: texts[$0 + 1])
        }
        return OutboxMessage(id: entry.id, at: entry.at, room: entry.room, sections: sections)
    }

    static func entry(_ item: DynamoDB.Item) throws -> OutboxEntry {
        let reader = try ItemReader(item)
        return OutboxEntry(
            id: reader.key.sort,
            at: try reader.optionalDouble("at") ?? 0,
            room: try reader.string("room")
        )
    }

    // MARK: Widespread vulnerabilities

    static func item(of vulnerabilities: Set<String>, in room: String) throws -> DynamoDB.Item {
        var item = Key.spread(room).item
        item["room"] = .s(room)
        var json = JSONWriter()
        json.beginArray()
        for id in vulnerabilities.sorted() { json.string(id) }
        json.endArray()
        item["vulnerabilities"] = .b(try Gzip.compress(json.drain()))
        return item
    }

    static func spread(_ item: DynamoDB.Item) throws -> (room: String, vulnerabilities: Set<String>) {
        let reader = try ItemReader(item)
        let bytes = try Gzip.decompress(try reader.bytes("vulnerabilities"), limit: largestJSON)
        return (try reader.string("room"), Set(try JSONCursor.parse(bytes) { try $0.readList { try $0.readString() } }))
    }
}
