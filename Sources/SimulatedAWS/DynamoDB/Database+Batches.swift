/// The batch calls; neither is a transaction.
extension Database {
    mutating func batchGetItem(_ call: Call) throws -> JSONValue {
        let tables = call.input["RequestItems"]?.members ?? []
        let count = tables.reduce(0) { $0 + ($1.value["Keys"]?.elements?.count ?? 0) }
        guard (1...100).contains(count) else {
            throw ServiceFault.validation("Too many items requested for the BatchGetItem call")
        }
        var size = 0
        var responses: [JSONValue.Member] = []
        var unprocessed: [JSONValue.Member] = []
        for request in tables {
            let table = try table(.string(request.key), call)
            let placeholders = try Placeholders(request.value)
            let projection = try Projection(request.value, placeholders)
            try placeholders.checkAllUsed()
            let wanted = request.value["Keys"]?.elements ?? []
            let keys = try wanted.map { try table.schema.key(reading: $0) }
            guard Set(keys).count == keys.count else { throw Self.duplicates }
            var items: [JSONValue] = []
            var left: [JSONValue] = []
            for (key, wanted) in zip(keys, wanted) {
                let item = table[key]
                size += item?.size ?? 0
                spent.reads(item?.size ?? 0, isConsistent: request.value["ConsistentRead"]?.truth ?? false)
                // 16 MB in all; what is beyond comes back as unprocessed.
                if size > 16_777_216 {
                    left.append(wanted)
                } else if let item {
                    items.append(projection.apply(to: item).json)
                }
            }
            responses.append(JSONValue.Member(key: request.key, value: .array(items)))
            if !left.isEmpty { unprocessed.append(JSONValue.Member(key: request.key, value: ["Keys": .array(left)])) }
        }
        return ["Responses": .object(responses), "UnprocessedKeys": .object(unprocessed)]
    }

    mutating func batchWriteItem(_ call: Call) throws -> JSONValue {
        let tables = call.input["RequestItems"]?.members ?? []
        let count = tables.reduce(0) { $0 + ($1.value.elements?.count ?? 0) }
        guard (1...25).contains(count) else {
            throw ServiceFault.validation("Too many items requested for the BatchWriteItem call")
        }
        let writes = try tables.map { (arn: try target(.string($0.key), call).arn, writes: try self.writes($0, call)) }
        for (arn, writes) in writes {
            for write in writes {
                spent.writes(item(at: write.key, in: arn), write.item)
                set(write.item, at: write.key, in: arn, now: call.now)
            }
        }
        return ["UnprocessedItems": [:]]
    }

    private func writes(_ request: JSONValue.Member, _ call: Call) throws -> [(key: ItemKey, item: Item?)] {
        let schema = try target(.string(request.key), call).schema
        let writes: [(key: ItemKey, item: Item?)] = try (request.value.elements ?? []).map { write in
            if let put = write["PutRequest"] {
                let item = try Item(reading: put["Item"])
                try Self.checkSize(item, "Item size has exceeded the maximum allowed size")
                return (try schema.key(of: item), item)
            }
            return (try schema.key(reading: write["DeleteRequest"]?["Key"]), nil)
        }
        guard Set(writes.map(\.key)).count == writes.count else { throw Self.duplicates }
        return writes
    }

    private static var duplicates: ServiceFault { .validation("Provided list of item keys contains duplicates") }
}
