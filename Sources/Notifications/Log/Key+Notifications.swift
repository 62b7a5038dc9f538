internal import Domain
internal import FindingStore

/// The keys of announced states, pending change records and messages.
extension Key {
    static func announced(_ place: ImageReference) -> Key {
        Key(partition: announcedPartition(place.repository.registry), sort: imageSort(place))
    }

    static func announcedPartition(_ registry: Registry) -> String { "\(markers)/\(registry)" }

    static let markers = "announced"
    static func marker(_ id: AccountID) -> Key { Key(partition: markers, sort: id.rawValue) }

    static let notes = "notes"
    static func note(_ id: String) -> Key { Key(partition: notes, sort: id) }

    /// Holds the id up to which change records became messages.
    static let announcedRecords = Key(partition: "told", sort: "notes")
    /// Holds the threshold and rules of the last notifications.
    static let announcedRules = Key(partition: "told", sort: "rules")
    /// Partition of the announced obstacles, one item for each account.
    static let obstacles = "obstacles"
    static func obstacles(_ account: AccountID) -> Key { Key(partition: obstacles, sort: account.rawValue) }
    /// Marks a once-name as used, so that its notification is not repeated.
    static func announcedOnce(_ name: String) -> Key { Key(partition: "told", sort: "once \(name)") }
    /// Partition of the vulnerabilities announced as being in many images, one item for each room.
    static let widespread = "spread"
    static func spread(_ room: String) -> Key { Key(partition: widespread, sort: "room \(room)") }

    /// A message in the partition of its delivery state.
    static func message(_ id: String, _ deliveryState: DeliveryState) -> Key {
        Key(partition: deliveryState.rawValue, sort: id)
    }

    /// The image that an `announced/…` key names; nil for an item of another kind.
    var announcedPlace: ImageReference? {
        let prefix = "\(Self.markers)/"
        guard partition.hasPrefix(prefix) else { return nil }
        return Key(partition: String(partition.dropFirst(prefix.count)), sort: sort).imagePlace
    }
}
