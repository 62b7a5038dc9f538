internal import Domain
internal import FindingStore

/// The keys of what was told and of what waits to be told.
extension Key {
    static func announced(_ place: ImageReference) -> Key {
        Key(partition: announcedPartition(place.repository.registry), sort: imageSort(place))
    }

    static func announcedPartition(_ registry: Registry) -> String { "\(markers)/\(registry)" }

    static let markers = "announced"
    static func marker(_ id: AccountID) -> Key { Key(partition: markers, sort: id.rawValue) }

    static let notes = "notes"
    static func note(_ id: String) -> Key { Key(partition: notes, sort: id) }

    /// Up to which note everything was made into messages.
    static let announcedRecords = Key(partition: "told", sort: "notes")
    /// By which threshold and rules news was told last.
    static let announcedRules = Key(partition: "told", sort: "rules")
    /// Which of an account's places were told as not looked into.
    static let obstacles = "obstacles"
    static func obstacles(_ account: AccountID) -> Key { Key(partition: obstacles, sort: account.rawValue) }
    /// That something was told which must not be told again.
    static func announcedOnce(_ name: String) -> Key { Key(partition: "told", sort: "once \(name)") }
    /// Which vulnerabilities were told in a room as being in many images.
    static let widespread = "spread"
    static func spread(_ room: String) -> Key { Key(partition: widespread, sort: "room \(room)") }

    /// Messages by what became of them.
    static func message(_ id: String, _ shelf: DeliveryState) -> Key { Key(partition: shelf.rawValue, sort: id) }

    /// The image that an `announced/…` key names; nil for an item of another kind.
    var announcedPlace: ImageReference? {
        let prefix = "\(Self.markers)/"
        guard partition.hasPrefix(prefix) else { return nil }
        return Key(partition: String(partition.dropFirst(prefix.count)), sort: sort).imagePlace
    }
}
