internal import AWSServices
package import Domain

extension FindingStore {
    /// How many of the registry's `limit` scans per 24 hours may still be started.
    package func scansLeft(in registry: Registry, limit: Int) async throws -> Int {
        max(0, limit - (try await window(of: registry).window.used(at: now())))
    }

    /// Reserves up to `count` scans before they are started, and returns how many were granted.
    package func takeScans(_ count: Int, of registry: Registry, limit: Int) async throws -> Int {
        guard count > 0 else { return 0 }
        var granted = 0
        try await change(registry) { granted = $0.take(count, limit: limit, now: $1) }
        return granted
    }

    /// Returns scans to the quota that were reserved but not started.
    package func giveBackScans(_ count: Int, to registry: Registry) async throws {
        guard count > 0 else { return }
        try await change(registry) { $0.giveBack(count, now: $1) }
    }

    /// Changes the registry's window, and starts again if another worker was faster.
    ///
    /// If the answer to a write is lost, the write is sent again, and its condition fails because of itself. The writer
    /// then finds its own mark in the item, so nothing is taken twice unless `writersKept` others have written meanwhile.
    private func change(_ registry: Registry, _ body: (inout ScanQuotaWindow, Double) -> Void) async throws {
        let mark = String(UInt64.random(in: .min ... .max), radix: 16)
        for attempt in 1...20 {
            var (window, version, writers) = try await window(of: registry)
            if writers.contains(mark) { return }
            let before = window
            body(&window, now())
            if window == before { return }
            var item = Key.scans(registry).item
            item["spans"] = .m(Dictionary(uniqueKeysWithValues: window.spans.map { ("\($0.key)", .number($0.value)) }))
            item["version"] = .number(version + 1)
            item["writers"] = .strings((writers + [mark]).suffix(Self.writersKept))
            let put = DynamoDB.PutItem(
                TableName: table,
                Item: item,
                ConditionExpression: "attribute_not_exists(#pk) OR #version = :version",
                ExpressionAttributeNames: ["#pk": Key.partitionName, "#version": "version"],
                ExpressionAttributeValues: [":version": .number(version)]
            )
            if try await client.succeeds(put) { return }
            try await client.sleep(.milliseconds(Int.random(in: 1...20) * attempt))
        }
        throw StoreError.unprocessed(1)
    }

    private static let writersKept = 32

    private func window(
        of registry: Registry
    ) async throws -> (window: ScanQuotaWindow, version: Int, writers: [String]) {
        let key = Key.scans(registry)
        guard let item = try await client.get([key])[key] else { return (ScanQuotaWindow(), 0, []) }
        let reader = try ItemReader(item)
        var spans: [Int: Int] = [:]
        for (name, value) in try reader.map("spans") ?? [:] {
            guard let span = Int(name), case .n(let digits) = value, let count = Int(digits) else {
                throw reader.malformed("spans")
            }
            spans[span] = count
        }
        // An earlier release stored only the last writer, in another attribute.
        let writers = item["writers"] == nil ? [] : try reader.strings("writers")
        return (ScanQuotaWindow(spans: spans), try reader.int("version"), writers)
    }
}
