internal import Domain
internal import FindingStore

extension ImageRecord {
    init(_ announced: AnnouncedImage) {
        self.init(
            ImageStatus(
                image: announced.image,
                coverage: announced.coverage,
                counts: nil,
                findings: announced.findings
            ),
            fingerprint: announced.fingerprint,
            token: announced.token
        )
        key = .announced(announced.place)
        hasBeenJudged = announced.hasBeenJudged
    }

    /// The record as an announced state.
    ///
    /// - Throws: `StoreError.malformed` if a part of the findings is missing.
    func announced() throws(StoreError) -> AnnouncedImage {
        guard !isIncomplete else {
            throw .malformed(key: "\(key.partition) \(key.sort)", attribute: "a part of its findings")
        }
        var announced = AnnouncedImage(
            image: try image(at: key.announcedPlace),
            coverage: coverage,
            findings: findings,
            hasBeenJudged: hasBeenJudged ?? false,
            fingerprint: fingerprint,
            token: token
        )
        announced.parts = parts
        return announced
    }
}
