package import Domain

/// Builds the report's files: those of registries that changed from the store, those of the whole organization from the
/// parts that every registry's last build left.
///
/// In memory are one image, the counts per vulnerability, and the bytes of each open file that make no upload yet.
package struct ReportBuilder<Source: ReportSource, Storage: ReportStorage>: Sendable {
    let source: Source
    let storage: Storage
    let organization: String
    let now: @Sendable () -> Double

    /// Builds from `source` into `storage`; `organization` names the fleet in the index, `now` gives seconds since 1970.
    package init(
        source: Source,
        storage: Storage,
        organization: String,
        now: @escaping @Sendable () -> Double
    ) {
        self.source = source
        self.storage = storage
        self.organization = organization
        self.now = now
    }

    /// Writes the report, the index last: whoever reads it finds everything that it names.
    ///
    /// - Parameter changed: the registries that differ from the last report; nil where any may, which a comparison tells.
    /// - Returns: what was written.
    /// - Throws: what `Source` and `Storage` throw; the index is then the old one, and the next report goes on.
    package func publish(_ changed: Set<Registry>? = nil) async throws -> ReportSummary {
        let files = try await storage.open()
        let plan = ReportPlan(
            accounts: try await source.accounts(),
            registries: try await source.registries(),
            sweeps: try await source.sweeps(),
            changed: changed,
            files: files
        )
        var built = plan.toBuild.count
        for registry in plan.toBuild { try await build(registry) }
        for registry in plan.toCompare where try await differs(registry) {
            try await build(registry)
            built += 1
        }
        var summary = try await mergeMending(plan)
        summary.built = built
        // After the index, which names them no longer.
        for name in plan.obsolete { try await storage.remove(name) }
        return summary
    }

    /// Whether a registry is not as its part tells.
    private func differs(_ registry: Registry) async throws -> Bool {
        let name = RegistryPart.name(of: registry)
        guard let stored = try await storage.read(name) else { return true }
        do {
            var part = try await PartReader(stored, name: name)
            guard case .fingerprint(let known) = try await part.next() else { return true }
            return try await source.fingerprint(of: registry) != known
        } catch ReportStorageError.unreadable {
            return true
        }
    }

    /// Builds one registry's file and part.
    private func build(_ registry: Registry) async throws {
        let name = RegionReport.name(of: registry)
        var known = try KnownRegistry(registry, try await storage.read(name))
        // Before anything is read: what changes meanwhile makes the part differ, and is read again.
        let fingerprint = try await source.fingerprint(of: registry)
        let repositories = try await source.repositories(in: registry)
        var pass = try RegistryPass(registry, repositories: repositories, fingerprint: fingerprint, now: now())
        try await storage.writing([.document(name), .part(RegistryPart.name(of: registry))]) { uploads in
            for try await image in source.images(in: registry) {
                pass.add(image, known: try await known.image(at: image.image.place))
                try await uploads[0].append(pass.region.document.drain())
                try await uploads[1].append(pass.part.drain())
            }
            try await known.finish()
            try pass.finish(earlier: known.isReadable ? known.changes : nil)
            try await uploads[0].append(pass.region.document.drain())
            try await uploads[1].append(pass.part.drain())
        }
    }

    /// Joins the parts; one that cannot be read is built anew, once.
    private func mergeMending(_ plan: ReportPlan) async throws -> ReportSummary {
        do {
            return try await merge(plan)
        } catch ReportStorageError.unreadable(let name) {
            guard let registry = plan.registries.first(where: { RegistryPart.name(of: $0) == name }) else {
                throw ReportStorageError.unreadable(name)
            }
            try await build(registry)
            return try await merge(plan)
        }
    }
}

/// What one report holds.
package struct ReportSummary: Hashable, Sendable {
    package var images = 0
    package var judged = 0
    /// Registries that were read from the store; the others were taken over.
    package var built = 0
    /// Whether `history.json` could not be read, and was left as it is.
    package var isHistoryDamaged = false

    /// Holds nothing.
    package init() {}
}
