internal import AWSServices
package import Domain

extension FindingStore {
    /// How many scans may still be started in the registry, of `limit` in 24 spans.
    package func scansLeft(in registry: Registry, limit: Int) async throws -> Int {
        max(0, limit - (try await window(of: registry).window.used(at: now())))
    }

    /// Takes up to `count` of them, before they are started, and tells how many.
    package func takeScans(_ count: Int, of registry: Registry, limit: Int) async throws -> Int {
        guard count > 0 else { return 0 }
        var granted = 0
        try await change(registry) { granted = $0.take(count, limit: limit, now: $1) }
        return granted
    }

    /// Gives back what was taken and not used.
    package func giveBackScans(_ count: Int, to registry: Registry) async throws {
        guard count > 0 else { return }
        try await change(registry) { $0.giveBack(count, now: $1) }
    }

    /// Changes the ledger; another worker that was faster makes it begin again.
    ///
    /// A write whose answer was lost is sent again and refused, for it meets itself: the writer's mark in the item tells, so
    /// that nothing is taken twice, unless dozens of others have written meanwhile.
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
        // An earlier release kept the last writer alone, in an attribute of its own.
        let writers = item["writers"] == nil ? [] : try reader.strings("writers")
        return (ScanQuotaWindow(spans: spans), try reader.int("version"), writers)
    }
}
