import FleetRoles
import Foundation
import JobQueue
import ScanfleetCLI
import TestSupport
import Testing

@Suite struct SettingsTests {
    private let aws = ["AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "very-secret"]

    private func problems(_ extra: [String: String], needsBucket: Bool = false) async -> [String] {
        let environment = aws.merging(extra) { _, later in later }
        do {
            let sources = try await ConfigurationSources(flags: [:], environment: environment, file: nil)
            _ = try Settings(sources, environment: environment, needsBucket: needsBucket)
            return []
        } catch {
            return error.problems
        }
    }

    @Test func `Defaults and credentials are enough`() async {
        #expect(await problems([:]).isEmpty)
    }

    @Test func `Every problem is announced at once`() async {
        let found = await problems(
            [
                "SCANFLEET_REDIS_URL": "http://nowhere", "SCANFLEET_REGIONS": "moon-1", "SCANFLEET_CONCURRENCY": "many",
                "SCANFLEET_COLLECT_SCHEDULE": "soon", "SCANFLEET_ACCOUNTS": "12", "SCANFLEET_LISTEN": "here",
                "AWS_REGION": "nowhere", "AWS_ENDPOINT_URL": "localhost", "AWS_RETRY_MODE": "adaptive",
                "AWS_CA_BUNDLE": "/nowhere.pem",
            ],
            needsBucket: true
        )
        for name in [
            "SCANFLEET_REDIS_URL", "SCANFLEET_REGIONS", "SCANFLEET_CONCURRENCY", "SCANFLEET_COLLECT_SCHEDULE",
            "SCANFLEET_ACCOUNTS", "SCANFLEET_LISTEN", "SCANFLEET_BUCKET", "AWS_REGION", "AWS_ENDPOINT_URL",
            "AWS_RETRY_MODE", "AWS_CA_BUNDLE",
        ] {
            #expect(found.count { $0.contains(name) } == 1, "\(name) in \(found)")
        }
    }

    @Test func `A service that could never be called is a problem of the configuration`() async {
        let fips = ["AWS_USE_FIPS_ENDPOINT": "true"]
        let found = await problems(fips.merging(["AWS_ENDPOINT_URL_ECR": "https://ecr.example"]) { $1 })
        #expect(found.count == 1 && found[0].contains("AWS_ENDPOINT_URL_ECR cannot be combined"), "\(found)")
        #expect(await problems(fips.merging(["AWS_ENDPOINT_URL_LAMBDA": "https://l.example"]) { $1 }).isEmpty)
        let china = fips.merging(["AWS_REGION": "cn-north-1", "SCANFLEET_BUCKET": "b"]) { $1 }
        #expect(await problems(china).isEmpty)
        #expect(await problems(china, needsBucket: true).contains { $0.contains("S3 has no FIPS endpoint") })
    }

    @Test(arguments: [
        (["AWS_SECRET_ACCESS_KEY": ""], "AWS_SECRET_ACCESS_KEY is not"),
        (["AWS_ACCESS_KEY_ID": ""], "AWS_ACCESS_KEY_ID is not"),
        (
            ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "true"],
            "no AWS credentials"
        ),
        (["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_PROFILE": "none"], "AWS_PROFILE is none"),
    ])
    func `Credentials that cannot be are one problem`(environment: [String: String], text: String) async {
        let found = await problems(environment)
        #expect(found.count == 1 && found[0].contains(text), "\(found)")
    }

    @Test func `What the selected profile says counts where no variable says it`() async throws {
        try await TemporaryDirectory.with { directory in
            let profile = "[profile team]\nregion = eu-north-1\nretry_mode = adaptive\n"
            let file = try directory.write(profile, to: "config")
            let found = await problems(["AWS_REGION": "", "AWS_PROFILE": "team", "AWS_CONFIG_FILE": file])
            #expect(found.count == 1 && found[0].contains("AWS_RETRY_MODE: adaptive"), "\(found)")
        }
    }

    @Test func `Instance metadata count as configured, without being asked`() async {
        #expect(await problems(["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""]).isEmpty)
    }

    @Test func `A malformed number is a problem and not the default`() async {
        #expect(await problems(["SCANFLEET_CONCURRENCY": "eight"]).count == 1)
        #expect(await problems(["SCANFLEET_CONCURRENCY": "0"]).count == 1)
    }

    private func queue(_ extra: [String: String]) async throws -> QueueSettings {
        let environment = aws.merging(extra) { _, later in later }
        let sources = try await ConfigurationSources(flags: [:], environment: environment, file: nil)
        return try Settings(sources, environment: environment).queue(at: 1_795_000_000)
    }

    @Test(arguments: [("30d", 60 * 24), ("0 4 1 * *", 62 * 24), ("24h", 72)])
    func `A sweep is remembered for longer than its slot lasts`(schedule: String, hours: Int) async throws {
        #expect(try await queue(["SCANFLEET_SCAN_SCHEDULE": schedule]).retention == .seconds(hours * 3600))
    }

    @Test func `The limiter's rates are set, and have to fit together`() async throws {
        let rates = ["SCANFLEET_RATE_FIRST": "2.5", "SCANFLEET_RATE_FLOOR": "0.2", "SCANFLEET_RATE_CEILING": "40"]
        let limiter = try await queue(rates).limiter
        #expect([limiter.firstRate, limiter.floor, limiter.ceiling] == [2.5, 0.2, 40])
        #expect(try await queue([:]).limiter == LimiterSettings())
        for (name, value) in [("FIRST", "200"), ("FLOOR", "11"), ("FLOOR", "-1"), ("CEILING", "nan")] {
            let found = await problems(["SCANFLEET_RATE_\(name)": value])
            #expect(!found.isEmpty && found.allSatisfy { $0.contains("SCANFLEET_RATE_") }, "\(found)")
        }
    }

    @Test func `No problem shows a secret`() async {
        let found = await problems([
            "SCANFLEET_REDIS_URL": "redis://user:hunter2@:x", "SCANFLEET_HUBOT_TOKEN": "hunter2",
        ])
        #expect(!found.joined().contains("hunter2"))
        #expect(!found.joined().contains("very-secret"))
    }

    @Test func `A room is required with a Hubot`() async {
        let found = await problems(["SCANFLEET_HUBOT_URL": "http://hubot:8080/hubot/x"])
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("SCANFLEET_HUBOT_ROOM") == true)
    }

    @Test func `A flag wins over the environment, and an empty variable counts as not given`() async throws {
        let sources = try await ConfigurationSources(
            flags: [.fleet: "from-flag"],
            environment: ["SCANFLEET_FLEET": "from-environment", "SCANFLEET_TABLE": ""],
            file: nil
        )
        #expect(sources.find(.fleet) == ConfigurationSources.Found(value: "from-flag", source: "flag"))
        #expect(sources.find(.table) == ConfigurationSources.Found(value: "scanfleet", source: "default"))
        #expect(sources.find(.bucket) == nil)
    }

    @Test func `A file that cannot be read is a problem`() async {
        await #expect(throws: ConfigurationProblems.self) {
            _ = try await ConfigurationSources(flags: [:], environment: [:], file: "/nonexistent/settings")
        }
    }
}
