internal import AWSServices
internal import Compression
internal import Domain
internal import FindingStore
internal import JSON

/// Encodes the threshold and rules of the last notifications as an item: one compressed JSON document.
enum RuleCodec {
    private static let largestJSON = 64 << 20

    static func item(of memory: RuleHistory) throws -> DynamoDB.Item {
        var json = JSONWriter()
        json.object { json in
            json.member("threshold", memory.threshold.rawValue)
            json.array("rules", memory.suppressions.rules) { json, rule in json.object { write(rule, to: &$0) } }
            json.array("former_rules", memory.formerRules) { json, former in
                json.object { json in
                    write(former.value, to: &json)
                    json.member("until", former.until)
                }
            }
            json.array("former_thresholds", memory.formerThresholds) { json, former in
                json.object { json in
                    json.member("threshold", former.value.rawValue)
                    json.member("until", former.until)
                }
            }
        }
        var item = Key.announcedRules.item
        item["rules"] = .b(try Gzip.compress(json.drain()))
        return item
    }

    static func memory(_ item: DynamoDB.Item) throws -> RuleHistory {
        let bytes = try Gzip.decompress(try ItemReader(item).bytes("rules"), limit: largestJSON)
        return try JSONCursor.parse(bytes) { try memory(&$0) }
    }

    private static func memory(_ json: inout JSONCursor) throws -> RuleHistory {
        var memory = RuleHistory(threshold: .undefined, suppressions: Suppressions())
        try json.readObject { key, value in
            switch key {
            case "threshold": memory.threshold = Severity(rawValue: try value.readString())
            case "rules": memory.suppressions.rules = try value.readList { try rule(&$0).value }
            case "former_rules": memory.formerRules = try value.readList { try rule(&$0) }
            case "former_thresholds": memory.formerThresholds = try value.readList { try threshold(&$0) }
            default: try value.skip()
            }
        }
        return memory
    }

    private static func write(_ rule: Suppression, to json: inout JSONWriter) {
        json.member("vulnerability", rule.scope.vulnerability.description)
        json.member("package", rule.scope.package.description)
        json.member("account", rule.scope.account.description)
        json.member("repository", rule.scope.repository.description)
        json.member("reason", rule.reason)
        json.member("expires", rule.expires)
    }

    private static func rule(_ json: inout JSONCursor) throws -> RuleHistory.Former<Suppression> {
        var former = RuleHistory.Former(
            Suppression(scope: Suppression.Scope(), reason: "", expires: 0),
            until: 0
        )
        try json.readObject { key, value in
            switch key {
            case "vulnerability": former.value.scope.vulnerability = Glob(try value.readString())
            case "package": former.value.scope.package = Glob(try value.readString())
            case "account": former.value.scope.account = Glob(try value.readString())
            case "repository": former.value.scope.repository = Glob(try value.readString())
            case "reason": former.value.reason = try value.readString()
            case "expires": former.value.expires = try value.readDouble()
            case "until": former.until = try value.readDouble()
            default: try value.skip()
            }
        }
        return former
    }

    private static func threshold(_ json: inout JSONCursor) throws -> RuleHistory.Former<Severity> {
        var former = RuleHistory.Former(Severity.undefined, until: 0)
        try json.readObject { key, value in
            switch key {
            case "threshold": former.value = Severity(rawValue: try value.readString())
            case "until": former.until = try value.readDouble()
            default: try value.skip()
            }
        }
        return former
    }
}
