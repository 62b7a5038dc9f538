internal import Synchronization

/// The pages through which tests and people look behind the scene; they need no signature.
struct ControlPages {
    let cloud: Cloud

    func answer(_ request: WireRequest) -> Answer {
        let parameters = request.parameters
        switch (request.method, request.path) {
        case ("GET", "/_truth"):
            return .json(Truth(organization: cloud.organization.withLock { $0 }, now: cloud.now()).json)
        case ("GET", "/_hubot"): return .json(cloud.controls.withLock { $0.hubot.json })
        case ("GET", "/_calls"):
            return .json(cloud.controls.withLock { $0.journal.json(byRegistry: parameters["by"] == "registry") })
        case ("GET", "/_units"): return .json(cloud.database.withLock { $0.spent.json })
        case ("GET", "/_table"): return table(parameters["name"] ?? "scanfleet")
        case ("POST", "/_change"): return change(parameters)
        case ("POST", "/_fail"): return fail(parameters)
        case ("POST", "/_expire"):
            cloud.keys.withLock { $0.endSessions(now: cloud.now(), areForgotten: parameters["revoke"] != nil) }
            return .json([:])
        case ("POST", "/_trim"):
            cloud.database.withLock { $0.trimStreams() }
            return .json([:])
        case ("POST", "/_reset"):
            cloud.reset()
            return .json([:])
        default: return .json(["error": "There is no such page."], status: 404)
        }
    }

    /// All items of the tables of that name, whichever account and region they are in.
    private func table(_ name: String) -> Answer {
        let tables = cloud.database.withLock { database in database.tables.values.filter { $0.name == name } }
        guard !tables.isEmpty else { return .json(["error": "There is no such table."], status: 404) }
        return .json(["Items": .array(tables.flatMap(\.items).map(\.json))])
    }

    private func change(_ parameters: [String: String]) -> Answer {
        let kind = parameters["kind"].flatMap(ChangeMaker.Kind.init)
        guard kind != nil || ["all", nil].contains(parameters["kind"]) else {
            return .json(["error": "kind is one of open, resolve, delete, push, spread, mend, all."], status: 400)
        }
        let seed = parameters["seed"].flatMap { UInt64($0) } ?? 1
        let count = parameters["count"].flatMap { Int($0) } ?? 1
        let now = cloud.now()
        return cloud.organization.withLock { organization in
            var maker = ChangeMaker(organization, seed: seed, now: now)
            let changes = maker.make(kind, count: count)
            organization = maker.organization
            return .json(changes)
        }
    }

    private func fail(_ parameters: [String: String]) -> Answer {
        cloud.controls.withLock { controls in
            if parameters["clear"] != nil {
                controls.rules = []
                controls.hubot.fail(times: 0, status: 500)
            }
            if parameters["service"] == "hubot" {
                let times = parameters["times"].flatMap { Int($0) } ?? 1
                controls.hubot.fail(times: times, status: parameters["status"].flatMap { Int($0) } ?? 500)
            } else {
                controls.rules += FaultRule.read(parameters)
            }
            if let quota = parameters["quota"].flatMap(Double.init) { controls.limiter.rate = quota }
            return .json(.array(controls.rules.map(\.json)))
        }
    }
}
