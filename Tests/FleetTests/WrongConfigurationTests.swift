import TestSupport
import Testing

/// What a user sees who has something wrong: one line for each problem, and a status that scripts can tell.
@Suite(.serialized, .requires("redis-server"), .timeLimit(.minutes(30))) struct WrongConfigurationTests {
    private func lines(_ ended: Fleet.Ended) -> [String] {
        ended.errors.split(separator: "\n").map(String.init).filter { $0.hasPrefix("scanfleet: ") }
    }

    @Test func `Wrong settings end with 78 before anything is touched`() async throws {
        try await Fleet.simulated(["--accounts", "3"]) { fleet in
            let cases: [([String: String?], String)] = [
                (["SCANFLEET_REDIS_URL": "redis//nowhere"], "SCANFLEET_REDIS_URL"),
                (["AWS_ENDPOINT_URL": "nowhere"], "AWS_ENDPOINT_URL"),
                (["AWS_REGION": "moon-1"], "AWS_REGION"),
                (["SCANFLEET_REGIONS": "us-east-1,moon-1"], "SCANFLEET_REGIONS"),
                (["AWS_SECRET_ACCESS_KEY": nil], "AWS_SECRET_ACCESS_KEY"),
            ]
            for (settings, name) in cases {
                let ended = try await fleet.run("worker", with: settings)
                #expect(ended.status == 78, "\(name): \(ended.errors)")
                #expect(lines(ended).count == 1 && lines(ended)[0].contains(name), "\(ended.errors)")
            }
            let all = try await fleet.run(
                "aggregator",
                with: ["SCANFLEET_REDIS_URL": "x", "AWS_REGION": "moon-1", "SCANFLEET_BUCKET": nil]
            )
            #expect(all.status == 78)
            #expect(lines(all).count == 3, "\(all.errors)")
        }
    }

    @Test func `Servers that are not there end with 69, and a refusal with 77`() async throws {
        try await Fleet.simulated(["--accounts", "3"]) { fleet in
            let noTable = try await fleet.run("worker")
            #expect(noTable.status == 69, "\(noTable.errors)")
            #expect(lines(noTable).count == 1 && lines(noTable)[0].contains("scanfleet init"), "\(noTable.errors)")

            #expect(try await fleet.run("init").status == 0)
            let noBucket = try await fleet.run("aggregator", with: ["SCANFLEET_BUCKET": "elsewhere"])
            #expect(noBucket.status == 69, "\(noBucket.errors)")
            #expect(lines(noBucket).count == 1 && lines(noBucket)[0].contains("elsewhere"), "\(noBucket.errors)")

            let noRedis = try await fleet.run("sweep", "collect", with: ["SCANFLEET_REDIS_URL": "redis://127.0.0.1:1"])
            #expect(noRedis.status == 69, "\(noRedis.errors)")
            #expect(lines(noRedis).count == 1 && lines(noRedis)[0].contains("SCANFLEET_REDIS_URL"), "\(noRedis.errors)")

            let wrongKeys = try await fleet.run("worker", with: ["AWS_SECRET_ACCESS_KEY": "wrong-hunter2"])
            #expect(wrongKeys.status == 77, "\(wrongKeys.errors)")
            #expect(!wrongKeys.errors.contains("hunter2"))
        }
    }

    @Test func `A wrong Redis password is refused with 77 and not shown`() async throws {
        try await RedisServer.with(.init(password: "right")) { redis in
            try await Fleet.simulated(["--accounts", "3"]) { fleet in
                let url = "redis://:hunter2@127.0.0.1:\(redis.port)"
                let ended = try await fleet.run("status", "--json", with: ["SCANFLEET_REDIS_URL": url])
                #expect(ended.status == 77, "\(ended.errors)")
                #expect(lines(ended).count == 1 && lines(ended)[0].contains("SCANFLEET_REDIS_URL"), "\(ended.errors)")
                #expect(!ended.errors.contains("hunter2"))
            }
        }
    }
}
