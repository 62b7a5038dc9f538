package import Domain

/// Builds the report's files: a changed registry's from the store, the organization's from the segments of all
/// registries.
///
/// Memory holds one image, the counts per vulnerability, and the bytes of each open file that are too few to upload.
package struct ReportBuilder<Source: ReportSource, Storage: ReportStorage>: Sendable {
    let source: Source
    let storage: Storage
    let organization: String
    let now: @Sendable () -> Double

    /// Builds from `source` into `storage`; `organization` is the fleet's name in the index, `now` gives seconds since
    /// 1970.
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

    /// Writes the report, the index last, so that every file that the index names exists.
    ///
    /// - Parameter changed: the registries and images that may differ from the last report.
    /// - Returns: the counts of the report.
    /// - Throws: the errors of `Source` and `Storage`; the old index is then kept, and the next report continues.
    package func publish(_ changed: ReportScope = .everything) async throws -> ReportSummary {
        let files = try await storage.open()
        let plan = ReportPlan(
            accounts: try await source.accounts(),
            registries: try await source.registries(),
            sweeps: try await source.sweeps(),
            changed: changed,
            files: files
        )
        var built = plan.toBuild.count
        for registry in plan.toBuild { try await build(registry, plan.scopes[registry] ?? .whole) }
        for registry in plan.toCompare where try await differs(registry) {
            try await build(registry)
            built += 1
        }
        var summary = try await mergeMending(plan)
        summary.built = built
        // Removed only now that the new index no longer names them.
        for name in plan.obsolete { try await storage.remove(name) }
        return summary
    }

    /// Whether a registry's stored images and repositories differ from its segment's fingerprint.
    private func differs(_ registry: Registry) async throws -> Bool {
        let name = RegistrySegment.name(of: registry)
        guard let end = try await storage.readEnd(of: name, count: RegistrySegment.endBytes),
            let known = RegistrySegment.fingerprint(inEnd: end)
        else { return true }
        var fingerprint = RegistryFingerprint()
        for repository in try await source.repositories(in: registry) { fingerprint.add(repository) }
        try await source.fingerprints(in: registry) { fingerprint.add($0, fingerprint: $1) }
        return fingerprint != known
    }

    /// Builds one registry's file and segment, from the previous ones if they can be read.
    private func build(_ registry: Registry, _ scope: RegistryScope) async throws {
        var isBuilt = false
        if case .some(let images, let repositories) = scope {
            isBuilt = try await isPatched(registry, images: images, repositories: repositories)
        }
        if !isBuilt { try await build(registry) }
    }

    /// Whether the previous files could be used; false if another version wrote them, they are of two builds, or
    /// damaged.
    private func isPatched(
        _ registry: Registry,
        images: Set<ImageReference>,
        repositories: Set<RepositoryName>
    ) async throws -> Bool {
        do {
            try await patch(registry, images: images, repositories: repositories)
            return true
        } catch ReportStorageError.unreadable {
            return false
        } catch is any Unreadable {
            return false
        }
    }

    /// Builds one registry's file and segment from the store.
    private func build(_ registry: Registry) async throws {
        let name = RegionReport.name(of: registry)
        var known = try PreviousRegistry(registry, try await storage.read(name))
        let repositories = try await source.repositories(in: registry)
        var pass = try RegistryBuilder(registry, repositories: repositories, now: now())
        try await storage.writing(Self.files(of: registry)) { uploads in
            for try await image in source.images(in: registry) {
                try pass.add(image, known: try await known.image(at: image.place))
                try await move(&pass, to: &uploads)
            }
            try await known.finish()
            try pass.finish(earlier: known.isReadable ? known.changes : nil)
            try await move(&pass, to: &uploads)
        }
    }

    static func files(of registry: Registry) -> [ReportFile] {
        [.document(RegionReport.name(of: registry)), .part(RegistrySegment.name(of: registry))]
    }

    func move(_ pass: inout RegistryBuilder, to uploads: inout [Storage.Upload]) async throws {
        try await uploads[0].append(pass.region.document.drain())
        try await uploads[1].append(pass.part.drain())
    }

    /// Merges the segments; if one cannot be read, it and all that differ from the store are rebuilt, once.
    private func mergeMending(_ plan: ReportPlan) async throws -> ReportSummary {
        do {
            return try await merge(plan)
        } catch ReportStorageError.unreadable(let name) {
            for registry in plan.registries {
                var isUnusable = RegistrySegment.name(of: registry) == name
                if !isUnusable { isUnusable = try await differs(registry) }
                if isUnusable { try await build(registry) }
            }
            return try await merge(plan)
        }
    }
}

/// The counts of one report.
package struct ReportSummary: Hashable, Sendable {
    package var images = 0
    /// Images whose scan result is known, of `images`.
    package var judged = 0
    /// Registries that were rebuilt, at least in part; the others were copied.
    package var built = 0
    /// Whether `history.json` could not be read and was left as it is.
    package var isHistoryDamaged = false

    /// All counts are zero.
    package init() {}
}
