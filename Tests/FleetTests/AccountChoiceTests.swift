import Domain
import FindingStore
import TestSupport
import Testing

/// Accounts chosen by id, name, unit and tag, and what choosing costs.
@Suite(.serialized, .requires("redis-server"), .timeLimit(.minutes(30))) struct AccountChoiceTests {
    private struct CallCount: Decodable, Sendable {
        var service: String
        var operation: String
        var count: Int
    }

    @Test func `What is chosen is looked at, and only the calls that a choice needs are made`() async throws {
        try await Fleet.simulated(["--accounts", "8"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let truth = try await fleet.page(path: "/_truth", as: Truth.self)
            let plain = ["ListAccounts"]
            let tree = ["ListAccounts", "ListAccountsForParent", "ListOrganizationalUnitsForParent", "ListRoots"]
            let cases: [(String, String?, [String], @Sendable (Truth.Account) -> Bool)] = [
                ("name:*-4,name:*-5", nil, plain, { $0.name.hasSuffix("-4") || $0.name.hasSuffix("-5") }),
                ("ou:/Prod/*", nil, tree, { $0.unit.hasPrefix("/Prod") }),
                ("ou:/Prod/Payments", "name:*-5", tree, { $0.unit == "/Prod/Payments" && $0.name != "simulated-5" }),
                (
                    "tag:team=p*", "tag:number=0", tree + ["ListTagsForResource"],
                    { account in
                        account.tags["team"]?.hasPrefix("p") == true && account.tags["number"] != "0"
                    }
                ),
            ]
            for (accounts, excluded, operations, isChosen) in cases {
                let expected = Set(truth.accounts.filter(isChosen).map(\.id))
                #expect(!expected.isEmpty && expected.count < truth.accounts.count)
                let report = try await fleet.run(
                    "doctor",
                    "--json",
                    with: ["SCANFLEET_ACCOUNTS": accounts, "SCANFLEET_EXCLUDE_ACCOUNTS": excluded]
                )
                let seen = truth.accounts.map(\.id).filter { report.output.contains("\"account \($0)\"") }
                #expect(Set(seen) == expected, "\(accounts)")
                let calls = try await fleet.page(path: "/_calls", as: [CallCount].self)
                let asked = Set(calls.filter { $0.service == "organizations" }.map(\.operation))
                #expect(asked == Set(operations), "\(accounts)")
            }
        }
    }

    @Test func `Units are recorded, and asked for, only where a route names one`() async throws {
        let file = #"{"routes": [{"room": "payments", "organizational_unit": "/Prod/Payments"}]}"#
        try await TemporaryDirectory.with { directory in
            let routes = try directory.write(file, to: "routes.json")
            try await Fleet.simulated(["--accounts", "8"]) { fleet in
                #expect(try await fleet.run("init").status == 0)
                let truth = try await fleet.page(path: "/_truth", as: Truth.self)
                let units = Dictionary(uniqueKeysWithValues: truth.accounts.map { ($0.id, $0.unit) })
                for (isAsked, walks) in [(false, 0), (true, 1), (false, 1)] {
                    let sweep = try await fleet.run(
                        "sweep",
                        "collect",
                        with: ["SCANFLEET_ROUTES": isAsked ? routes : nil]
                    )
                    #expect(sweep.status == 3, "one account refuses: \(sweep.errors)")
                    let stored = try await fleet.store.accounts().map(\.account)
                    #expect(stored.count == units.count)
                    #expect(stored.allSatisfy { $0.organizationalUnit == (isAsked ? units[$0.id.rawValue] : nil) })
                    let calls = try await fleet.page(path: "/_calls", as: [CallCount].self)
                    #expect(calls.filter { $0.operation == "ListRoots" }.map(\.count).reduce(0, +) == walks)
                }
            }
        }
    }

    @Test func `An account that is left out from now on, or is not there, is said to be so`() async throws {
        try await Fleet.simulated(["--accounts", "2"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            #expect(try await fleet.run("sweep", "collect").status == 0)
            #expect(try await fleet.store.accounts().map(\.obstacle) == [nil, nil])
            let narrowed = try await fleet.run(
                "sweep",
                "collect",
                with: ["SCANFLEET_EXCLUDE_ACCOUNTS": "name:simulated-*"]
            )
            #expect(narrowed.status == 0, "\(narrowed.output)")
            let accounts = try await fleet.store.accounts()
            #expect(accounts.map { $0.obstacle?.reason } == [nil, "the configuration leaves the account out"])
            let stranger = try await fleet.run("sweep", "collect", "--account", "999999999999")
            #expect(stranger.status == 3, "\(stranger.output)")
            #expect(stranger.output.contains("gap: account 999999999999: it is not in the organization"))
            #expect(try await fleet.run("sweep", "collect").status == 0)
            #expect(try await fleet.store.accounts().map(\.obstacle) == [nil, nil])
        }
    }

    @Test func `What a narrower configuration leaves out is said to be, and a person's sweep marks nothing`()
        async throws
    {
        try await Fleet.simulated(["--accounts", "3"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let worker = try await fleet.start("worker")
            let account = "111111111111"
            let own = ["--account", account]
            _ = try await fleet.run(["sweep", "collect", "--wait"] + own)
            _ = try await fleet.run(["sweep", "collect", "--region", "us-east-1", "--repository", "team/*"] + own)
            let registry = Registry(account: AccountID(rawValue: account), region: RegionName(rawValue: "us-east-1"))
            func marked() async throws -> (regions: [String], repositories: [String]) {
                let regions = try await fleet.store.registries().filter { $0.obstacle?.state == .outOfScope }
                let repositories = try await fleet.store.repositories(in: registry).filter {
                    $0.obstacle?.state == .outOfScope
                }
                let ownRegions = regions.map(\.registry).filter { $0.account == registry.account }
                return (ownRegions.map(\.region.rawValue), repositories.map(\.place.name.rawValue))
            }
            #expect(try await marked() == ([], []))
            let narrow = ["SCANFLEET_REGIONS": "us-east-1", "SCANFLEET_REPOSITORIES": "team/*"]
            _ = try await fleet.run("sweep", "collect", "--wait", with: narrow.mapValues { $0 })
            let (regions, repositories) = try await marked()
            #expect(regions.contains("eu-west-1") && !regions.contains("us-east-1"))
            #expect(!repositories.isEmpty && repositories.allSatisfy { !$0.hasPrefix("team/") })
            let status = try await fleet.run("status")
            #expect(status.output.contains("out_of_scope: the configuration leaves the repository out"))
            _ = try await fleet.run("sweep", "collect", "--wait")
            #expect(try await marked() == ([], []))
            try await worker.terminate()
        }
    }

    @Test func `Tags narrow what is looked at in a repository, and what is left out is counted`() async throws {
        try await Fleet.simulated(["--accounts", "3"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let worker = try await fleet.start("worker", with: ["SCANFLEET_TAGS": "1.0*", "SCANFLEET_UNTAGGED": "off"])
            let account = "111111111111"
            let narrow = ["--account", account, "--region", "us-east-1", "--repository", "platform/odd-images"]
            let sweep = try await fleet.run(["sweep", "collect", "--wait"] + narrow)
            #expect(sweep.status == 0, "\(sweep.output)")
            #expect(sweep.output.contains("out_of_scope: 8"), "\(sweep.output)")
            let stored = try await fleet.store.known()
            #expect(stored.values.map(\.tags) == [["1.0", "1.0.3", "latest"]])
            let registry = Registry(account: AccountID(rawValue: account), region: RegionName(rawValue: "us-east-1"))
            #expect(try await fleet.store.repositories(in: registry).map(\.imagesOutOfScope) == [8])
            try await worker.terminate()
        }
    }
}
