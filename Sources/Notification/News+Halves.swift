internal import Domain

extension News {
    /// The same news in two messages, each about half as long; nil where it is about a single thing already.
    var halves: (News, News)? {
        guard case .images(let news) = self else { return nil }
        if news.images.count > 1 {
            let (first, second) = Self.halves(of: news.images)
            return (.images(news.with(first)), .images(news.with(second)))
        }
        guard let image = news.images.first, image.changes.count > 1 else { return nil }
        let (first, second) = Self.halves(of: image.changes)
        return (.images(news.with([image.with(first)])), .images(news.with([image.with(second)])))
    }

    private static func halves<Element>(of all: [Element]) -> ([Element], [Element]) {
        let middle = all.count / 2
        return (Array(all[..<middle]), Array(all[middle...]))
    }
}

extension RepositoryNews {
    fileprivate func with(_ images: [ImageNews]) -> RepositoryNews {
        var copy = self
        copy.images = images
        return copy
    }
}

extension ImageNews {
    fileprivate func with(_ changes: [FindingChange]) -> ImageNews {
        var copy = self
        copy.changes = changes
        return copy
    }
}
