internal import Domain

extension NotificationContent {
    /// The content divided in two, each about half as long; nil where it cannot be divided.
    var halves: (NotificationContent, NotificationContent)? {
        switch self {
        case .images(let change): change.halves.map { (.images($0), .images($1)) }
        case .vulnerabilities(let change): change.halves.map { (.vulnerabilities($0), .vulnerabilities($1)) }
        case .bulkChange(let change): change.halves.map { (.bulkChange($0), .bulkChange($1)) }
        case .baseline, .gap, .suppression, .access, .scope: nil
        }
    }
}

extension RepositoryChange {
    fileprivate var halves: (RepositoryChange, RepositoryChange)? {
        if images.count > 1 {
            let (first, second) = images.halves
            return (with(first), with(second))
        }
        guard let image = images.first, image.changes.count > 1 else { return nil }
        let (first, second) = image.changes.halves
        return (with([image.with(first)]), with([image.with(second)]))
    }

    private func with(_ images: [ImageChange]) -> RepositoryChange {
        var copy = self
        copy.images = images
        return copy
    }
}

extension BulkImageChange {
    fileprivate var halves: (BulkImageChange, BulkImageChange)? {
        guard images.count > 1 else { return nil }
        var (first, second) = (self, self)
        (first.images, second.images) = images.halves
        return (first, second)
    }
}

extension VulnerabilityChange {
    /// Divides by images first, then by vulnerabilities; each half keeps the full counts.
    fileprivate var halves: (VulnerabilityChange, VulnerabilityChange)? {
        var (first, second) = (self, self)
        if images.count > 1 {
            (first.images, second.images) = images.halves
            return (first, second)
        }
        guard vulnerabilities.count > 1 else { return nil }
        (first.vulnerabilities, second.vulnerabilities) = vulnerabilities.halves
        first.keepOwnChanges()
        second.keepOwnChanges()
        return (first, second)
    }

    private mutating func keepOwnChanges() {
        let ids = Set(vulnerabilities)
        images = images.map { image in
            var image = image
            image.changes.removeAll { !ids.contains($0.finding.key.vulnerability) }
            return image
        }
    }
}

extension ImageChange {
    fileprivate func with(_ changes: [FindingChange]) -> ImageChange {
        var copy = self
        copy.changes = changes
        return copy
    }
}

extension Array {
    fileprivate var halves: ([Element], [Element]) {
        (Array(self[..<(count / 2)]), Array(self[(count / 2)...]))
    }
}
