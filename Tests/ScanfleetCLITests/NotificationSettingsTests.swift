import Domain
import FleetRoles
import Foundation
import Notifications
import ScanfleetCLI
import Testing

/// What people write about who hears of what, and when.
@Suite struct NewsSettingsTests {
    private func settings(_ extra: [String: String], file: String? = nil) async throws -> Settings {
        var environment = [
            "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret",
            "SCANFLEET_HUBOT_URL": "http://hubot", "SCANFLEET_HUBOT_ROOM": "security",
        ].merging(extra) { $1 }
        if let file {
            let path = FileManager.default.temporaryDirectory.appending(path: "rules-\(UUID().uuidString).json").path()
            try Data(file.utf8).write(to: URL(filePath: path))
            for (name, value) in environment where value == "FILE" { environment[name] = path }
        }
        let sources = try await ConfigurationSources(flags: [:], environment: environment, file: nil)
        return try Settings(sources, environment: environment)
    }

    private func problems(_ extra: [String: String], file: String? = nil) async throws -> [String] {
        do {
            _ = try await settings(extra, file: file)
            return []
        } catch let error as ConfigurationProblems {
            return error.problems
        }
    }

    @Test func `Routes and suppressions are read as they are written`() async throws {
        let routes = try await settings(
            ["SCANFLEET_ROUTES": "FILE", "SCANFLEET_CHAT_FORMAT": "slack"],
            file: #"""
                {"routes": [{"room": "pay", "repository": "pay/*"}, {"room": "prod", "organizational_unit": "/Prod/*"}],
                 "rooms": {"pay": "https://hooks.example/1"}}
                """#
        ).notifications
        #expect(routes.routes.routes.map(\.room) == ["pay", "prod"])
        #expect(routes.routes.defaultRoom == "security")
        #expect(routes.chat?.roomURLs == ["pay": "https://hooks.example/1"])
        #expect(routes.chat?.format == .slack)
        let rules = try await settings(
            ["SCANFLEET_SUPPRESSIONS": "FILE"],
            file: #"{"suppressions": [{"vulnerability": "CVE-1", "reason": "why", "expires": "2027-03-31"}]}"#
        ).notifications.suppressions.rules
        #expect(rules.map(\.expires) == [1_806_537_600], "from the first of April on")
        #expect(rules.map(\.reason) == ["why"])
        #expect(rules.map(\.description) == ["vulnerability CVE-1"])
    }

    @Test(arguments: [
        (#"{"suppressions": [{"vulnerability": "CVE-1", "expires": "2027-03-31"}]}"#, "reason is missing"),
        (#"{"suppressions": [{"reason": "why", "expires": "2027-02-29"}]}"#, "not 2027-02-29"),
        (#"{"suppressions": [{"reason": "why", "expires": "soon"}]}"#, "not soon"),
        (#"{"suppressions": [{"reason": "why", "expires": "2027-01-01", "repo": "x"}]}"#, "repo is none of account"),
        (#"{"suppresions": []}"#, "suppresions is none of"), (#"{"routes": [{"account": "1"}]}"#, "room is missing"),
        (#"{"suppressions": [{"reason": "a", "reason": "b", "expires": "2027-01-01"}]}"#, "reason stands twice"),
        (#"{"routes": [{"room": "a", "organizational_unit": "Prod"}]}"#, "such as /Prod/Payments, not Prod"),
        (#"{"suppressions": "#, "rules-"),
    ]) func `A mistake in a rule is a problem that names it`(file: String, text: String) async throws {
        let found = try await problems(["SCANFLEET_SUPPRESSIONS": "FILE"], file: file)
        #expect(
            found.count == 1 && found[0].hasPrefix("SCANFLEET_SUPPRESSIONS: ") && found[0].contains(text),
            "\(found)"
        )
    }

    @Test(arguments: [
        (#"{"room": "prod", "organizational_unit": "/Prod/*"}"#, true),
        (#"{"room": "all", "organizational_unit": "*"}"#, false), (#"{"room": "pay", "repository": "pay/*"}"#, false),
    ]) func `A route names a unit where not every unit fits`(route: String, namesUnit: Bool) async throws {
        let notifications = try await settings(["SCANFLEET_ROUTES": "FILE"], file: #"{"routes": [\#(route)]}"#)
            .notifications
        #expect(notifications.routes.namesUnits == namesUnit)
    }

    @Test func `Times are read, and what is none is a problem`() async throws {
        let notifications = try await settings(
            ["SCANFLEET_QUIET_HOURS": "22:30-07:00", "SCANFLEET_DIGEST": "08:15", "SCANFLEET_NOTIFY_WINDOW": "90s"]
        ).notifications
        #expect(notifications.muteSchedule == MuteSchedule(hours: MuteSchedule.Span(from: 1350, to: 420), digest: 495))
        #expect(notifications.window == .seconds(90))
        for (name, value) in [
            ("QUIET_HOURS", "22-7"), ("QUIET_HOURS", "22:00-25:00"), ("DIGEST", "noon"), ("NOTIFY_WINDOW", "off"),
            ("CHAT_FORMAT", "irc"), ("ROUTES", "/nowhere"), ("NOTIFY_SEVERITY", "BAD"),
        ] {
            let found = try await problems(["SCANFLEET_\(name)": value])
            #expect(found.count == 1 && found[0].hasPrefix("SCANFLEET_\(name): "), "\(found)")
        }
        let roomless = try await problems(["SCANFLEET_HUBOT_ROOM": ""])
        #expect(roomless.count == 1 && roomless[0].hasPrefix("SCANFLEET_HUBOT_ROOM: "))
    }
}
