internal import JSON

extension JSONValue {
    /// The document as UTF-8 without white space.
    var bytes: [UInt8] {
        var writer = JSONWriter()
        write(into: &writer)
        return writer.drain()
    }

    private func write(into writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let truth): writer.bool(truth)
        case .integer(let whole): writer.number(whole)
        case .number(let number): writer.number(number)
        case .string(let text): writer.string(text)
        case .array(let elements):
            writer.beginArray()
            for element in elements { element.write(into: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for member in members {
                writer.key(member.key)
                member.value.write(into: &writer)
            }
            writer.endObject()
        }
    }
}
