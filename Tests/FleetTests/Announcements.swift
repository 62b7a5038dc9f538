// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Domain
import Foundation

/// The simulator's page of what Hubot was told.
struct HubotPage: Decodable, Sendable {
    struct Message: Decodable, Sendable {
        struct Body: Decodable, Sendable {
            var room: String
            var message: String
            var event: Event
        }

        var idempotency_key: String?
        var body: Body
    }

    struct Event: Decodable, Sendable {
        var kind: String
        var account: String?
        var region: String?
        var repository: String?
        var images: Images?
        /// Of a message that tells several things.
        var events: [Event]?

        /// The event, or those that it is made of.
        var all: [Event] { events ?? [self] }

        /// A baseline gives a number here, and a repository's news a list.
        enum Images: Decodable, Sendable {
            case count(Int)
            case list([EventImage])

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let count = try? container.decode(Int.self) {
                    self = .count(count)
                } else {
                    self = .list(try container.decode([EventImage].self))
                }
            }
        }
    }

    struct EventImage: Decodable, Sendable {
        var digest: String
        /// Not given where the news is about vulnerabilities.
        var occasion: String?
        /// Given where each image has a place of its own.
        var account: String?
        var region: String?
        var repository: String?
        var changes: [Change]
    }

    struct Change: Decodable, Sendable {
        var change: String
        var id: String
        var package: String
        var version: String
    }

    var messages: [Message]
}

/// One thing that the team is told.
struct Announcement: Hashable, Sendable, CustomStringConvertible {
    var place: ImageReference
    /// `opened`, `resolved`, or `removed` for an image.
    var what: String
    var finding: Finding.Key?

    var description: String { "\(what) \(finding?.vulnerability ?? "") at \(place)" }
}

extension HubotPage {
    /// Every announcement of the messages, with repetitions.
    var announcements: [Announcement] { messages.flatMap(\.body.event.announcements) }

    /// The accounts that were summarised, with repetitions.
    var baselines: [String] { messages.flatMap(\.body.event.baselines) }
}

extension HubotPage.Event {
    var announcements: [Announcement] {
        all.flatMap { event -> [Announcement] in
            guard case .list(let images) = event.images else { return [] }
            return images.flatMap { image -> [Announcement] in
                guard let account = image.account ?? event.account, let region = image.region ?? event.region else {
                    return []
                }
                let registry = Registry(account: AccountID(rawValue: account), region: RegionName(rawValue: region))
                let name = RepositoryName(rawValue: image.repository ?? event.repository ?? "")
                return image.announcements(in: RepositoryReference(registry: registry, name: name))
            }
        }
    }

    var baselines: [String] { all.filter { $0.kind == "baseline" }.compactMap(\.account) }
}

extension HubotPage.EventImage {
    fileprivate func announcements(in repository: RepositoryReference) -> [Announcement] {
        let place = ImageReference(repository: repository, digest: ImageDigest(rawValue: digest))
        if occasion == "removed" { return [Announcement(place: place, what: "removed", finding: nil)] }
        return changes.map { change in
            let key = Finding.Key(vulnerability: change.id, package: change.package, version: change.version)
            return Announcement(place: place, what: change.change, finding: key)
        }
    }
}

/// What a team that knew `before` has to be told of `after`.
func expected(from before: [ImageReference: KnownImage], to after: [ImageReference: KnownImage]) -> Set<Announcement> {
    var expected: Set<Announcement> = []
    for place in Set(before.keys).union(after.keys) {
        let (old, new) = (before[place], after[place])
        if let old, new == nil {
            if !old.serious.isEmpty { expected.insert(Announcement(place: place, what: "removed", finding: nil)) }
            continue
        }
        guard let new, new.state == "scanned" else { continue }
        let was = old?.serious ?? []
        for key in new.serious.subtracting(was) {
            expected.insert(Announcement(place: place, what: "opened", finding: key))
        }
        for key in was.subtracting(new.serious) {
            expected.insert(Announcement(place: place, what: "resolved", finding: key))
        }
    }
    return expected
}
