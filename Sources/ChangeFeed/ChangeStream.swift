internal import AWSCore
internal import AWSServices
internal import Domain
package import FindingStore

/// Reads the table's stream: all shards, parents before children, through splits, expired iterators and empty pages.
///
/// It only names the images that changed, not how they changed. Its position lives in memory: the consumer stores the
/// checkpoint of a round once it has processed the round, and a restart resumes from that checkpoint.
package actor ChangeStream {
    private let store: FindingStore
    private var streamARN: String?
    private var tree = ShardTree()
    private var iterators: [String: String] = [:]
    private var listedAt: Double?
    private var gathered = Gathered()

    /// Changes read but not yet returned by `next`; a failure in one shard must not lose the changes of another.
    private struct Gathered {
        var images: Set<ImageReference> = []
        var repositories: Set<RepositoryReference> = []
        var records = 0
        var gap: String?
        var newestAt: Double?
        var isCaughtUp = true

        var isEmpty: Bool { records == 0 && gap == nil }
    }

    /// How often the shards are listed even when no shard has closed, in seconds.
    private static let listingInterval: Double = 60
    /// In seconds: DynamoDB drops records after 24 hours, so behind an older checkpoint some may already be lost.
    private static let oldestCheckpoint: Double = 23.5 * 3600

    /// Reads the stream of the store's table.
    package init(store: FindingStore) { self.store = store }

    /// Resumes from a checkpoint; nil begins with the oldest record that the stream still has.
    package func resume(from checkpoint: StreamCheckpoint?) {
        streamARN = checkpoint?.streamARN
        tree = ShardTree(progress: checkpoint?.shards ?? [:])
        iterators = [:]
        listedAt = nil
        gathered = Gathered()
        if let savedAt = checkpoint?.savedAt, store.now() - savedAt > Self.oldestCheckpoint {
            missed("the place remembered in the stream is more than a day old")
        }
    }

    /// Reads one page of every readable shard.
    ///
    /// - Throws: when AWS cannot be reached and nothing was read; the next call resumes at the same position.
    package func next() async throws -> StreamRound {
        do {
            try await listIfNeeded()
            for shard in tree.readable { try await read(shard) }
        } catch {
            guard !gathered.isEmpty, !(error is CancellationError) else { throw error }
            gathered.isCaughtUp = false
        }
        let round = StreamRound(
            images: Array(gathered.images),
            repositories: gathered.repositories,
            records: gathered.records,
            checkpoint: StreamCheckpoint(streamARN: streamARN ?? "", shards: tree.progress),
            gap: gathered.gap,
            newestAt: gathered.newestAt,
            isCaughtUp: gathered.isCaughtUp && listedAt != nil
        )
        gathered = Gathered()
        return round
    }

    private func missed(_ reason: String) {
        gathered.gap = gathered.gap ?? reason
        gathered.isCaughtUp = false
    }

    // MARK: Shards

    private func listIfNeeded() async throws {
        if let listedAt, store.now() - listedAt < Self.listingInterval, !tree.readable.isEmpty { return }
        let current = try await store.verifyTable().streamARN
        if current != streamARN {
            if streamARN != nil { missed("the table has another stream than before") }
            streamARN = current
            tree = ShardTree()
            iterators = [:]
        }
        let lost = tree.update(with: try await shards(of: current))
        for shard in lost { iterators[shard] = nil }
        if !lost.isEmpty { missed("\(lost.count) shards were dropped before they were read to their end") }
        listedAt = store.now()
    }

    private func shards(of stream: String) async throws -> [ShardListing] {
        var operation = DynamoDBStreams.DescribeStream(StreamArn: stream)
        var listing: [ShardListing] = []
        while true {
            let page = try await store.client.send(operation)
            listing += (page.StreamDescription?.Shards ?? []).compactMap { shard in
                shard.ShardId.map { ShardListing(id: $0, parent: shard.ParentShardId) }
            }
            guard let token = DynamoDBStreams.DescribeStream.nextToken(in: page) else { return listing }
            operation = operation.following(token)
        }
    }

    // MARK: Records

    private func read(_ shard: String) async throws {
        guard let iterator = try await iterator(of: shard) else { return }
        let page: DynamoDBStreams.GetRecords.Response
        do {
            page = try await store.client.send(DynamoDBStreams.GetRecords(ShardIterator: iterator))
        } catch let error as AWSServiceError {
            return try lostPlace(in: shard, error)
        }
        take(page.Records ?? [], of: shard)
        iterators[shard] = page.NextShardIterator
        guard page.NextShardIterator == nil else { return }
        tree.record(shard, .finished)
        listedAt = nil  // A closed shard has children, which may not be listed yet.
    }

    private func take(_ records: [DynamoDBStreams.Record], of shard: String) {
        gathered.records += records.count
        if !records.isEmpty { gathered.isCaughtUp = false }
        if let newest = records.last?.dynamodb?.ApproximateCreationDateTime {
            gathered.newestAt = max(newest, gathered.newestAt ?? newest)
        }
        for record in records {
            // Skip items that are neither images nor repositories: announced items and checkpoints share the table.
            guard case .s(let partition)? = record.dynamodb?.Keys?[Key.partitionName],
                case .s(let sort)? = record.dynamodb?.Keys?[Key.sortName]
            else { continue }
            let key = Key(partition: partition, sort: sort)
            if let place = key.imagePlace { gathered.images.insert(place) }
            if let place = key.repositoryPlace { gathered.repositories.insert(place) }
        }
        if let last = records.last?.dynamodb?.SequenceNumber { tree.record(shard, .after(last)) }
    }

    private func iterator(of shard: String) async throws -> String? {
        if let iterator = iterators[shard] { return iterator }
        guard let stream = streamARN, let progress = tree.progress[shard] else { return nil }
        var operation = DynamoDBStreams.GetShardIterator(
            StreamArn: stream,
            ShardId: shard,
            ShardIteratorType: "TRIM_HORIZON"
        )
        if case .after(let number) = progress {
            operation.ShardIteratorType = "AFTER_SEQUENCE_NUMBER"
            operation.SequenceNumber = number
        }
        do {
            iterators[shard] = try await store.client.send(operation).ShardIterator
        } catch let error as AWSServiceError {
            try lostPlace(in: shard, error)
        }
        return iterators[shard]
    }

    /// Drops the shard's iterator after an error, so that the next round opens the shard again.
    ///
    /// An expired iterator loses nothing. Trimmed data is a gap. A missing shard forces a new listing, and every other
    /// error is thrown.
    private func lostPlace(in shard: String, _ error: AWSServiceError) throws {
        switch error.code {
        case .expiredIterator: break
        case .trimmedDataAccess:
            tree.record(shard, .beginning)
            missed("changes older than a day were dropped before they were read")
        case .resourceNotFound:
            listedAt = nil  // A new listing shows whether the shard vanished before it was read.
        default: throw error
        }
        iterators[shard] = nil
        gathered.isCaughtUp = false
    }
}
