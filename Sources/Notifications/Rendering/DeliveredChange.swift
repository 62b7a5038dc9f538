package import Domain
internal import JSON

/// One change of one image, read back from the payload of a message.
package struct DeliveredChange: Hashable, Sendable {
    /// The changed image.
    package var place: ImageReference
    /// The image's tags in the payload, at most 50.
    package var tags: [String]
    /// The vulnerability's id; nil where the change is about the image itself.
    package var vulnerability: String?
    /// The raw value of `FindingChange.Kind`, or the word of the image's cause.
    package var what: String

    /// All changes of images in a message; summaries and access changes have none.
    ///
    /// - Throws: if the payload is not valid JSON of the expected shape.
    package static func all(in message: OutboxMessage) throws -> [DeliveredChange] {
        try message.sections.flatMap { section in
            let event = try JSONCursor.parse(Array(section.event.utf8)) { try Event(reading: &$0) }
            return event.changes
        }
    }

    /// The location members that a section's payload and its images share.
    private struct Names {
        var account: String?
        var region: String?
        var repository: String?

        mutating func read(_ key: String, _ value: inout JSONCursor) throws -> Bool {
            switch key {
            case "account": account = try value.readString()
            // Null where the notification is about a whole account.
            case "region": region = try value.readOptional { try $0.readString() }
            case "repository": repository = try value.readString()
            default: return false
            }
            return true
        }
    }

    private struct EventImage {
        var names = Names()
        var digest = ""
        var tags: [String] = []
        var cause: String?
        var changes: [(id: String, kind: String)] = []

        init(reading json: inout JSONCursor) throws {
            try json.readObject { key, value in
                if try names.read(key, &value) { return }
                switch key {
                case "digest": digest = try value.readString()
                case "tags": tags = try value.readList { try $0.readString() }
                case "occasion": cause = try value.readString()
                case "changes": changes = try value.readList { try Self.change(&$0) }
                default: try value.skip()
                }
            }
        }

        private static func change(_ json: inout JSONCursor) throws -> (id: String, kind: String) {
            var change = (id: "", kind: "")
            try json.readObject { key, value in
                switch key {
                case "id": change.id = try value.readString()
                case "change": change.kind = try value.readString()
                default: try value.skip()
                }
            }
            return change
        }
    }

    private struct Event {
        var names = Names()
        var images: [EventImage] = []

        init(reading json: inout JSONCursor) throws {
            try json.readObject { key, value in
                if try names.read(key, &value) { return }
                // In a summary this member is the number of images.
                guard key == "images", try value.peek() == .array else { return try value.skip() }
                images = try value.readList { try EventImage(reading: &$0) }
            }
        }

        var changes: [DeliveredChange] {
            images.flatMap { image -> [DeliveredChange] in
                guard let account = image.names.account ?? names.account,
                    let region = image.names.region ?? names.region,
                    let repository = image.names.repository ?? names.repository
                else { return [] }
                let registry = Registry(account: AccountID(rawValue: account), region: RegionName(rawValue: region))
                let place = ImageReference(
                    repository: RepositoryReference(registry: registry, name: RepositoryName(rawValue: repository)),
                    digest: ImageDigest(rawValue: image.digest)
                )
                let announced = image.changes.map { (id: String?.some($0.id), kind: $0.kind) }
                let about = image.cause.map { [(id: String?.none, kind: $0)] } ?? []
                return (announced + about).map { id, kind in
                    DeliveredChange(place: place, tags: image.tags, vulnerability: id, what: kind)
                }
            }
        }
    }
}
