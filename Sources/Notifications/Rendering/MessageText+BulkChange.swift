internal import Domain

/// The text of a change of many images.
extension MessageText {
    /// Further images are only counted here; the payload lists them.
    private static let shownImages = 12

    static func lines(of change: BulkImageChange) -> [String] {
        let registry = change.registry
        let place = "\(name(of: registry.account, change.accountName)) \(ChatText.escaped(registry.region.rawValue))"
        let extent = change.images.count == 1 ? "1 image" : "\(change.images.count) images"
        let (title, what) = what(change)
        let labels = change.images.prefix(shownImages).map { label(of: $0.change, in: $0.repository) }
        let more = change.images.count > labels.count ? " and \(change.images.count - labels.count) more" : ""
        return [title, "\(place): \(extent) \(what)", "  \(labels.joined(separator: ", "))\(more)"]
    }

    private static func what(_ change: BulkImageChange) -> (title: String, what: String) {
        let openFindings = change.openFindings
        switch change.cause {
        case .removed:
            let lost = openFindings.isEmpty ? "" : ", and \(numbers(openFindings)) with them: not fixed, gone"
            return ("Images Removed", "removed\(lost)")
        case .coverageLost(let coverage):
            let known = openFindings.isEmpty ? "" : "; last known: \(numbers(openFindings))"
            return ("Coverage Lost", "no longer judged: \(words(coverage))\(known)")
        case .coverageRegained: return ("Coverage Regained", "judged again")
        case .detected, .changed: return ("Vulnerabilities Changed", "changed")
        }
    }

    private static func label(of image: ImageChange, in repository: RepositoryName) -> String {
        let name = ChatText.escaped(repository.rawValue)
        guard let tag = image.tags.first else {
            return "\(name)@\(ChatText.escaped(image.digest.rawValue).prefix(19))"
        }
        return "\(name):\(ChatText.escaped(tag))"
    }
}
