package import AWSServices
package import Domain

/// An image as items: the same attributes for what is stored and for what was announced.
package struct ImageRecord {
    package var key: Key
    package var tags: [String]
    package var pushedAt: Double?
    package var coverage: Coverage
    package var counts: [Severity: Int]?
    package var findings: [Finding]
    /// Of announced images only.
    package var hasBeenJudged: Bool?
    package var fingerprint: String
    package var token: Int
    package var parts = 0
    /// Whether a part that the main item names is gone for good; the findings are then unknown.
    package var isIncomplete = false

    /// An item may have 400 KB, names and all other attributes included.
    static let largestItem = 350_000
    private static let smallestPiece = 20_000

    /// The main item and the further ones that hold what it cannot.
    ///
    /// - Throws: `CompressionError` where zlib has no memory.
    package func items() throws -> (main: DynamoDB.Item, parts: [DynamoDB.Item]) {
        var main = attributes
        let rows = findings.isEmpty ? [] : try FindingCodec.encode(findings)
        let room = max(Self.smallestPiece, Self.largestItem - tags.reduce(0) { $0 + $1.utf8.count + 3 })
        let first = rows.prefix(room)
        if !first.isEmpty { main["findings"] = .b(Array(first)) }
        let rest = rows.dropFirst(first.count)
        let pieces = stride(from: rest.startIndex, to: rest.endIndex, by: Self.largestItem).map { start in
            Array(rest[start..<min(start + Self.largestItem, rest.endIndex)])
        }
        if !pieces.isEmpty { main["parts"] = .number(pieces.count) }
        let parts = zip(partKeys(pieces.count), pieces).map { key, piece in
            key.item.merging(["findings": .b(piece)]) { own, _ in own }
        }
        return (main, parts)
    }

    /// The keys of the first `count` further items.
    package func partKeys(_ count: Int) -> [Key] { (0..<count).map { key.part($0 + 1, of: fingerprint) } }

    private var attributes: DynamoDB.Item {
        var item = key.item
        item["tags"] = .strings(tags)
        item["pushed"] = pushedAt.map(DynamoDB.AttributeValue.number)
        item["coverage"] = .coverage(coverage)
        item["counts"] = counts.map(DynamoDB.AttributeValue.counts)
        item["judged"] = hasBeenJudged.map(DynamoDB.AttributeValue.bool)
        item["fingerprint"] = .s(fingerprint)
        item["token"] = .number(token)
        return item
    }

    /// Reads everything but the findings.
    init(head item: DynamoDB.Item) throws(StoreError) {
        let reader = try ItemReader(item)
        key = reader.key
        tags = try reader.strings("tags")
        pushedAt = try reader.optionalDouble("pushed")
        coverage = try reader.coverage("coverage")
        counts = try reader.counts("counts")
        findings = []
        hasBeenJudged = item["judged"] == nil ? nil : try reader.bool("judged")
        fingerprint = try reader.string("fingerprint")
        token = try reader.int("token")
        parts = try reader.int("parts")
    }

    /// Reads an image; nil where a part that the main item names is not there, because another write is under way.
    ///
    /// - Throws: `StoreError.malformed`.
    init?(_ item: DynamoDB.Item, parts found: [Key: DynamoDB.Item]) throws {
        try self.init(head: item)
        var rows = try ItemReader(item).bytes("findings")
        for key in partKeys(parts) {
            guard let part = found[key] else { return nil }
            rows += try ItemReader(part).bytes("findings")
        }
        do {
            findings = rows.isEmpty ? [] : try FindingCodec.decode(rows)
        } catch {
            throw try ItemReader(item).malformed("findings (\(error))")
        }
    }
}

extension ImageRecord {
    /// Describes an image as a judgement leaves it, under the key of stored images.
    package init(_ status: ImageStatus, fingerprint: String, token: Int) {
        key = .image(status.image.place)
        tags = status.image.tags
        pushedAt = status.image.pushedAt
        coverage = status.coverage
        counts = status.counts
        findings = status.findings
        self.fingerprint = fingerprint
        self.token = token
    }

    /// As a stored image.
    func stored() throws(StoreError) -> StoredImage {
        let image = try image(at: key.imagePlace)
        let status =
            isIncomplete
            ? ImageStatus(image: image, coverage: Self.incomplete, counts: nil, findings: [])
            : ImageStatus(image: image, coverage: coverage, counts: counts, findings: findings)
        return StoredImage(
            status: status,
            fingerprint: fingerprint,
            token: token,
            parts: parts,
            isIncomplete: isIncomplete
        )
    }

    private static let incomplete = Coverage(
        .failed,
        reason: "a part of its findings is missing in the table; the next collect writes them anew"
    )

    /// What the record says of the image itself.
    package func image(at place: ImageReference?) throws(StoreError) -> Image {
        guard let place else { throw .malformed(key: "\(key.partition) \(key.sort)", attribute: "the key") }
        return Image(place: place, tags: tags, pushedAt: pushedAt)
    }
}
