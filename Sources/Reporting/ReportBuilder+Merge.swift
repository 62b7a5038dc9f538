internal import Domain

extension ReportBuilder {
    /// How many vulnerabilities are in memory with all details at once.
    private static var vulnerabilityBatch: Int { 500 }

    /// Merges the segments into the files of the whole organization.
    func merge(_ plan: ReportPlan) async throws -> ReportSummary {
        var merge = try ReportMerge(
            organization: organization,
            generatedAt: now(),
            sweeps: plan.sweeps,
            registries: plan.registries
        )
        let names = [VulnerabilityReport.name, LegacyReport.name, HistoryReport.name, IndexReport.name]
        try await storage.writing(names.map(ReportFile.document)) { uploads in
            for (account, registries) in plan.accounts {
                merge.begin(account)
                for registry in registries {
                    merge.begin(registry)
                    try await join(RegistrySegment.name(of: registry.registry), to: &merge, &uploads)
                }
                merge.endAccount()
            }
            try await writeVulnerabilities(to: &merge, &uploads)
            merge.finish()
            if var history = try await history() {
                history.add(merge.today)
                var document = try history.document(generatedAt: merge.generatedAt)
                try await uploads[2].append(document.drain())
            } else {
                merge.summary.isHistoryDamaged = true
            }
            try await move(&merge, to: &uploads)
        }
        return merge.summary
    }

    private func join(_ part: String, to merge: inout ReportMerge, _ uploads: inout [Storage.Upload]) async throws {
        guard let stored = try await storage.read(part) else { throw ReportStorageError.unreadable(part) }
        var reader = try await PartReader(stored, name: part, skipping: [.rows, .chunk])
        do {
            while !(try merge.take(try await reader.next())) { try await move(&merge, to: &uploads) }
        } catch is any Unreadable {
            throw reader.unreadable
        }
        try await move(&merge, to: &uploads)
    }

    private func writeVulnerabilities(
        to merge: inout ReportMerge,
        _ uploads: inout [Storage.Upload]
    ) async throws {
        merge.legacy.beginVulnerabilities()
        var previous = try KnownVulnerabilities(try await storage.read(VulnerabilityReport.name))
        var ids = merge.occurrences.byID.keys.sorted()[...]
        while !ids.isEmpty {
            let batch = ids.prefix(Self.vulnerabilityBatch)
            ids = ids.dropFirst(batch.count)
            var known = try await previous.find(batch)
            let unknown = batch.filter { known[$0] == nil }
            let found = unknown.isEmpty ? [] : try await source.vulnerabilities(unknown)
            for vulnerability in found { known[vulnerability.id] = vulnerability }
            for id in batch { merge.add(id, known: known[id]) }
            try await move(&merge, to: &uploads)
        }
    }

    private func move(_ merge: inout ReportMerge, to uploads: inout [Storage.Upload]) async throws {
        try await uploads[0].append(merge.vulnerabilities.document.drain())
        try await uploads[1].append(merge.legacy.document.drain())
        try await uploads[3].append(merge.index.document.drain())
    }

    /// The history so far; empty if there is none.
    ///
    /// Nil if it cannot be read: it cannot be rebuilt, so it is left alone.
    private func history() async throws -> HistoryReport? {
        guard var reader = try await storage.read(HistoryReport.name) else { return HistoryReport() }
        var bytes: [UInt8] = []
        while let more = try await reader.next() { bytes += more }
        do {
            return try HistoryReport(reading: bytes)
        } catch is any Unreadable {
            return nil
        }
    }
}

extension ReportStorage {
    /// Writes several files at once and finishes them in their order; cancels all of them if one fails.
    func writing(_ files: [ReportFile], _ body: (inout [Upload]) async throws -> Void) async throws {
        var uploads = files.map(begin)
        do {
            try await body(&uploads)
            for index in uploads.indices { try await uploads[index].finish() }
        } catch {
            for index in uploads.indices { await uploads[index].cancel() }
            throw error
        }
    }
}
