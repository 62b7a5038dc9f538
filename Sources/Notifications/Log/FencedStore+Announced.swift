internal import AWSServices
package import ChangeFeed
internal import Domain
package import FindingStore

/// What becomes of one image's announced state, and the news that goes with it: both are written, or neither.
package struct AnnouncedChange: Hashable, Sendable {
    /// What happens to the announced item.
    package enum Update: Hashable, Sendable {
        case write(AnnouncedImage)
        case forget
    }

    package var update: Update
    /// What was announced before; nil where nothing was.
    package var replaced: AnnouncedImage?
    /// Nil where the change is not worth telling.
    package var note: ChangeRecord?

    /// Joins a change of state with its news.
    package init(update: Update, replaced: AnnouncedImage?, note: ChangeRecord?) {
        self.update = update
        self.replaced = replaced
        self.note = note
    }
}

extension FencedStore {
    /// Writes down what is news and that it is written down, for each image together: a crash leaves both or neither.
    package func write(_ announcedChanges: [AnnouncedChange]) async throws {
        let steps = try announcedChanges.map(steps)
        // Parts carry their content's fingerprint in their key: before the main item names them, nobody reads them.
        try await transact(steps.flatMap(\.parts).map { [$0] })
        try await transact(steps.map(\.together))
        try await transact(steps.flatMap(\.leftovers).map { [$0] })
    }

    /// Writes down many images as told, whatever was told of them before.
    package func announce(_ images: [AnnouncedImage]) async throws {
        let items = try images.map { try ImageRecord($0).items() }
        try await transact(items.flatMap(\.parts).map { [.put($0)] })
        try await transact(items.map { [.put($0.main)] })
    }

    /// Stores how far the stream is done with.
    package func put(_ checkpoint: StreamCheckpoint) async throws {
        try await transact([[.put(store.item(of: checkpoint))]])
    }

    private struct Steps {
        var parts: [DynamoDB.WriteRequest] = []
        var together: [DynamoDB.WriteRequest] = []
        var leftovers: [DynamoDB.WriteRequest] = []
    }

    private func steps(_ announcedChange: AnnouncedChange) throws -> Steps {
        var steps = Steps()
        var kept: String?
        switch announcedChange.update {
        case .write(let image):
            let items = try ImageRecord(image).items()
            steps.parts = items.parts.map(DynamoDB.WriteRequest.put)
            steps.together = [.put(items.main)]
            kept = image.fingerprint
        case .forget:
            steps.together = announcedChange.replaced.map { [.delete(ImageRecord($0).key.item)] } ?? []
        }
        if let replaced = announcedChange.replaced, replaced.fingerprint != kept {
            steps.leftovers = ImageRecord(replaced).partKeys(replaced.parts).map { .delete($0.item) }
        }
        if let note = announcedChange.note { steps.together += try ChangeRecordCodec.items(of: note, nextID) }
        return steps
    }
}
