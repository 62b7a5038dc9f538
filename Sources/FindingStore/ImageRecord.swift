package import AWSServices
package import Domain

/// An image as DynamoDB items; stored images and the notification log's announced images use the same attributes.
package struct ImageRecord {
    /// The key of the main item, under the partition of stored or of announced images.
    package var key: Key
    /// The image's tags, sorted.
    package var tags: [String]
    /// When the image was pushed, in seconds since 1970.
    package var pushedAt: Double?
    /// The coverage as written; `stored()` replaces it if the record is incomplete.
    package var coverage: Coverage
    /// ECR's number of findings per severity; nil where ECR gave none, and for announced images.
    package var counts: [Severity: Int]?
    /// The findings of the main item and of all parts; empty if only the head was read.
    package var findings: [Finding]
    /// Whether the announced image was ever judged; nil for stored images.
    package var hasBeenJudged: Bool?
    /// SHA-256 over the content, in hexadecimal; its beginning is in the keys of the parts.
    package var fingerprint: String
    /// The fencing token of the job that wrote the stored image.
    package var token: Int
    /// How many further items hold the findings that do not fit into the main item, as read.
    package var parts = 0
    /// Whether a part that the main item names is missing for good; the findings are then unknown.
    package var isIncomplete = false

    /// Bytes of findings and tags per item; DynamoDB allows 400 KB including names and all other attributes.
    static let largestItem = 350_000
    private static let smallestPiece = 20_000

    /// The main item, and the parts with the findings that do not fit into it.
    ///
    /// - Throws: `CompressionError` if zlib runs out of memory.
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

    /// The keys of the first `count` parts.
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

    /// Reads an image; nil if a part that the main item names is missing, usually because another write is in progress.
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
    /// Describes an image to be stored, under the key of stored images.
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

    /// Converts to a stored image; an incomplete record becomes `failed`, without findings.
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
        reason: "a part of its findings is missing in the table; the next collect writes them again"
    )

    /// The image without its status.
    ///
    /// - Throws: `StoreError.malformed` if `place` is nil, because the key does not name an image.
    package func image(at place: ImageReference?) throws(StoreError) -> Image {
        guard let place else { throw .malformed(key: "\(key.partition) \(key.sort)", attribute: "the key") }
        return Image(place: place, tags: tags, pushedAt: pushedAt)
    }
}
