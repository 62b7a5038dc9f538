internal import AWSServices

/// Assembles images from items that come in the order of their keys: a main item, then its parts.
struct RecordAssembler {
    /// A complete image, or the key of an image with a missing part, which has to be read again.
    enum Assembled {
        case record(ImageRecord)
        case incomplete(Key)
    }

    private var main: (key: Key, item: DynamoDB.Item)?
    private var parts: [Key: DynamoDB.Item] = [:]

    /// Adds the next item; if it is a main item, all parts of the previous image were read, and that image is returned.
    mutating func take(_ item: DynamoDB.Item) throws -> Assembled? {
        let key = try Key(of: item)
        if key.isPart {
            parts[key] = item
            return nil
        }
        let complete = try finish()
        main = (key, item)
        return complete
    }

    /// Returns the image that was begun last, after the last item; nil if there was no item.
    mutating func finish() throws -> Assembled? {
        guard let (key, item) = main else { return nil }
        defer {
            main = nil
            parts = [:]
        }
        guard let record = try ImageRecord(item, parts: parts) else { return .incomplete(key) }
        return .record(record)
    }
}
