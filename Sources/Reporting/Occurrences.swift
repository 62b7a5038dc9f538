internal import Domain

/// Counts where vulnerabilities occur: in one registry while its images are read, and in all registries when the report
/// is merged.
struct Occurrences {
    /// One vulnerability's occurrences.
    struct Entry: Hashable {
        /// Entries in `findings.json`; an image with three tags counts three times.
        var entries = 0
        var images = 0
        var worst: Severity
        /// Images in which one of the vulnerable packages has a fixed version.
        var fixable = 0
        var score: Double?
        /// The alphabetically first package names, so that they do not depend on the order of the images.
        private(set) var packages: [String] = []
        /// Pairs of a registry's index and its number of images; plain numbers, because there may be millions.
        private(set) var places: [UInt32] = []

        static var mostPackages: Int { 20 }

        init(worst: Severity) { self.worst = worst }

        mutating func add(package name: String) {
            guard !name.isEmpty, !packages.contains(name) else { return }
            if packages.count == Self.mostPackages {
                guard let last = packages.last, name < last else { return }
                packages.removeLast()
            }
            packages.insert(name, at: packages.firstIndex { $0 > name } ?? packages.endIndex)
        }

        /// Adds the occurrences in other images; `index` is the index of their registry, or nil if places are not
        /// counted.
        mutating func add(_ other: Entry, registry index: Int?) {
            entries += other.entries
            images += other.images
            fixable += other.fixable
            worst = max(worst, other.worst)
            raise(to: other.score)
            for name in other.packages { add(package: name) }
            if let index { places += [UInt32(index), UInt32(other.images)] }
        }

        mutating func raise(to other: Double?) {
            if let other { score = max(score ?? other, other) }
        }
    }

    private(set) var byID: [String: Entry] = [:]

    /// Counts each vulnerability of an image once, however many of its packages are affected.
    ///
    /// - Returns: the ids, sorted, without duplicates.
    mutating func add(_ image: ImageStatus, entries: Int) -> [String] {
        var ids: [String] = []
        var rest = image.findings[...]
        // Findings are sorted by key, which begins with the id.
        while let first = rest.first {
            let id = first.key.vulnerability
            let own = rest.prefix { $0.key.vulnerability == id }
            rest = rest.dropFirst(own.count)
            byID[id, default: Entry(worst: first.severity)].add(own, entries: entries)
            ids.append(id)
        }
        return ids
    }

    /// Adds a vulnerability's occurrences in other images; `index` is the index of their registry, or nil if places are
    /// not counted.
    mutating func add(_ id: String, _ entry: Entry, registry index: Int?) {
        byID[id, default: Entry(worst: entry.worst)].add(entry, registry: index)
    }
}

extension Occurrences.Entry {
    /// Counts one image; `findings` are its findings of this vulnerability.
    fileprivate mutating func add(_ findings: ArraySlice<Finding>, entries count: Int) {
        entries += count
        images += 1
        if findings.contains(where: { $0.fixedVersion != nil }) { fixable += 1 }
        for finding in findings {
            worst = max(worst, finding.severity)
            raise(to: finding.score)
            add(package: finding.key.package)
        }
    }
}
