internal import AWSServices
internal import Compression
internal import Domain
internal import FindingStore
internal import JSON

/// Encodes the announced obstacles of an account as an item: one compressed JSON document.
enum ObstacleCodec {
    private static let largestJSON = 64 << 20

    static func item(of announced: AnnouncedObstacles) throws -> DynamoDB.Item {
        var json = JSONWriter()
        json.beginArray()
        for (place, obstacle) in announced.obstacles {
            json.object { json in
                switch place {
                case .account: break
                case .registry(let registry): json.member("region", registry.region.rawValue)
                case .repository(let place):
                    json.member("region", place.registry.region.rawValue)
                    json.member("repository", place.name.rawValue)
                }
                json.member("state", obstacle.state.rawValue)
                json.member("reason", obstacle.reason)
            }
        }
        json.endArray()
        var item = Key.obstacles(announced.account).item
        item["obstacles"] = .b(try Gzip.compress(json.drain()))
        return item
    }

    static func announced(_ item: DynamoDB.Item) throws -> AnnouncedObstacles {
        let reader = try ItemReader(item)
        var announced = AnnouncedObstacles(account: AccountID(rawValue: reader.key.sort))
        let bytes = try Gzip.decompress(try reader.bytes("obstacles"), limit: largestJSON)
        for (place, obstacle) in try JSONCursor.parse(bytes, { try $0.readList { try row(&$0, announced.account) } }) {
            announced.obstacles[place] = obstacle
        }
        return announced
    }

    private static func row(_ json: inout JSONCursor, _ account: AccountID) throws -> (AccessScope, Coverage) {
        var (region, repository, state, reason) = (String?.none, String?.none, "", String?.none)
        try json.readObject { key, value in
            switch key {
            case "region": region = try value.readString()
            case "repository": repository = try value.readString()
            case "state": state = try value.readString()
            case "reason": reason = try value.readOptional { try $0.readString() }
            default: try value.skip()
            }
        }
        guard let known = Coverage.State(rawValue: state) else { throw json.missing("a coverage state") }
        return (place(account, region, repository), Coverage(known, reason: reason))
    }

    private static func place(_ account: AccountID, _ region: String?, _ repository: String?) -> AccessScope {
        guard let region else { return .account(account) }
        let registry = Registry(account: account, region: RegionName(rawValue: region))
        guard let repository else { return .registry(registry) }
        return .repository(RepositoryReference(registry: registry, name: RepositoryName(rawValue: repository)))
    }
}
