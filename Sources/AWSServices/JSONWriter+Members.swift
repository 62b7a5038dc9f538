internal import JSON

/// Members of a request: what is nil is left out, as AWS wants it.
extension JSONWriter {
    mutating func member(_ name: String, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    mutating func member(_ name: String, _ value: Int?) {
        guard let value else { return }
        key(name)
        number(value)
    }

    mutating func member(_ name: String, _ value: Bool?) {
        guard let value else { return }
        key(name)
        bool(value)
    }

    mutating func member(_ name: String, _ item: DynamoDB.Item?) {
        guard let item else { return }
        key(name)
        self.item(item)
    }

    mutating func member(_ name: String, _ texts: [String: String]?) {
        guard let texts else { return }
        key(name)
        map(texts) { $0.string($1) }
    }

    /// A document of one object.
    static func object(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        members(&writer)
        writer.endObject()
        return writer.bytes
    }

    mutating func member(_ name: String, _ image: ECR.ImageIdentifier) {
        key(name)
        beginObject()
        member("imageDigest", image.imageDigest)
        member("imageTag", image.imageTag)
        endObject()
    }

    mutating func map<Value>(_ values: [String: Value], _ write: (inout JSONWriter, Value) -> Void) {
        beginObject()
        for (name, value) in values {
            key(name)
            write(&self, value)
        }
        endObject()
    }

    mutating func list<Element>(_ elements: [Element], _ write: (inout JSONWriter, Element) -> Void) {
        beginArray()
        for element in elements { write(&self, element) }
        endArray()
    }
}
