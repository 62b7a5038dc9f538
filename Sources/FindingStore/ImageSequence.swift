/// Images that are read page by page, so that a registry of any size takes little memory.
package struct ImageSequence<Element: Sendable>: AsyncSequence, Sendable {
    let pages: QueryPages
    let client: TableClient
    let convert: @Sendable (ImageRecord) throws -> Element

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(pages: pages.makeAsyncIterator(), client: client, convert: convert)
    }

    /// Keeps the images of one page in memory, and reads the next page when they are used up.
    package struct AsyncIterator: AsyncIteratorProtocol {
        private var pages: QueryPages.AsyncIterator?
        private let client: TableClient
        private let convert: @Sendable (ImageRecord) throws -> Element
        private var assembler = RecordAssembler()
        private var ready: [RecordAssembler.Assembled] = []

        init(
            pages: QueryPages.AsyncIterator,
            client: TableClient,
            convert: @escaping @Sendable (ImageRecord) throws -> Element
        ) {
            self.pages = pages
            self.client = client
            self.convert = convert
        }

        package mutating func next() async throws -> Element? {
            while true {
                while let assembled = ready.popLast() {
                    if let record = try await client.complete(assembled) { return try convert(record) }
                }
                guard pages != nil else { return nil }
                try await readPage()
            }
        }

        private mutating func readPage() async throws {
            var complete: [RecordAssembler.Assembled] = []
            if let page = try await pages?.next() {
                for item in page { if let assembled = try assembler.take(item) { complete.append(assembled) } }
            } else {
                if let last = try assembler.finish() { complete.append(last) }
                pages = nil
            }
            ready = complete.reversed()
        }
    }
}

extension TableClient {
    /// The assembled image, read again if a part was missing; nil if the image was removed meanwhile.
    func complete(_ assembled: RecordAssembler.Assembled) async throws -> ImageRecord? {
        switch assembled {
        case .record(let record): record
        case .incomplete(let key): try await record(at: key)
        }
    }

    /// Reads one image; nil if there is none.
    ///
    /// If a part is still missing after five reads, the record is marked `isIncomplete`.
    func record(at key: Key) async throws -> ImageRecord? {
        var incomplete: ImageRecord?
        for _ in 0..<5 {
            guard let item = try await get(key) else { return nil }
            let head = try ImageRecord(head: item)
            if let record = try ImageRecord(item, parts: try await get(head.partKeys(head.parts))) { return record }
            // Another run has probably replaced the parts meanwhile; the new main item then names the new parts.
            incomplete = head
        }
        incomplete?.isIncomplete = true
        return incomplete
    }

    /// Reads images by key, in no particular order; images that are not stored are absent.
    package func records(at keys: [Key]) async throws -> [ImageRecord] {
        let items = try await get(keys)
        var records: [ImageRecord] = []
        for (key, item) in items {
            let isWhole = try ItemReader(item).int("parts") == 0
            if let record = isWhole ? try ImageRecord(item, parts: [:]) : try await record(at: key) {
                records.append(record)
            }
        }
        return records
    }
}

extension FindingStore {
    /// Reads all images under a partition key, and converts each record with `convert`.
    package func images<Element>(
        under partition: String,
        _ convert: @escaping @Sendable (ImageRecord) throws -> Element
    ) -> ImageSequence<Element> {
        ImageSequence(pages: client.query(partition), client: client, convert: convert)
    }
}
