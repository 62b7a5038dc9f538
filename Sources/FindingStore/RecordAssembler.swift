internal import AWSServices

/// Puts images together from items in the order of their keys: a main item, then the parts that it names.
struct RecordAssembler {
    /// An image, or the key of one that was being rewritten while it was read.
    enum Assembled {
        case record(ImageRecord)
        case incomplete(Key)
    }

    private var main: (key: Key, item: DynamoDB.Item)?
    private var parts: [Key: DynamoDB.Item] = [:]

    /// Takes the next item; gives the image that it shows to be complete.
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

    /// Gives the last image.
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
