internal import AWSServices
package import ChangeFeed
internal import Domain
package import FindingStore

/// The new announced state of one image and its change record, which are written in one transaction.
package struct AnnouncedChange: Hashable, Sendable {
    /// The write of the announced item: replace it, or delete it after the image was removed.
    package enum Update: Hashable, Sendable {
        case write(AnnouncedImage)
        case forget
    }

    /// The write, which is due even without a change record.
    package var update: Update
    /// The former announced state, whose left-over parts are deleted; nil where there was none.
    package var replaced: AnnouncedImage?
    /// The change record; nil where nothing is to be announced.
    package var note: ChangeRecord?

    /// Pairs a write of the announced state with its change record.
    package init(update: Update, replaced: AnnouncedImage?, note: ChangeRecord?) {
        self.update = update
        self.replaced = replaced
        self.note = note
    }
}

extension FencedStore {
    /// Writes the announced state and the change record of each image in one transaction: a crash leaves both or
    /// neither.
    package func write(_ announcedChanges: [AnnouncedChange]) async throws {
        let steps = try announcedChanges.map(steps)
        // The key of a part holds the fingerprint of its content: it is not read before the main item names it.
        try await transact(steps.flatMap(\.parts).map { [$0] })
        try await transact(steps.map(\.together))
        try await transact(steps.flatMap(\.leftovers).map { [$0] })
    }

    /// Stores images as announced, replacing any earlier announced state.
    package func announce(_ images: [AnnouncedImage]) async throws {
        let items = try images.map { try ImageRecord($0).items() }
        try await transact(items.flatMap(\.parts).map { [.put($0)] })
        try await transact(items.map { [.put($0.main)] })
    }

    /// Stores the stream position up to which all changes are processed.
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
