internal import AWSCore
internal import Foundation
import Support
internal import Synchronization
internal import TestSupport
internal import Testing

@testable import enum AWSCore.ShellWords

@Suite(.timeLimit(.minutes(10))) struct CredentialsProcessTests {
    private func chain(
        _ standIn: StandIn,
        _ command: String = #"/opt/keys --for "my team" --token hush"#,
        _ run: @escaping CredentialsProcess.Runner
    ) throws -> CredentialsChain {
        try standIn.chain(try standIn.profiles("[default]\ncredential_process = \(command)"), runProcess: run)
    }

    private static func output(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func withStandIn(_ body: @escaping @Sendable (StandIn) async throws -> Void) async throws {
        try await StandIn.with(always: .answer(500), body)
    }

    @Test func `Runs the program, and again before its keys end`() async throws {
        try await withStandIn { standIn in
            let commands = Mutex<[[String]]>([])
            let chain = try chain(standIn) { command in
                let run = commands.withLock { commands in
                    commands.append(command)
                    return commands.count
                }
                let end = run == 1 ? "2027-01-15T09:00:00+00:00" : "2027-01-15T10:00:00Z"
                return Self.output(
                    """
                    {"Version":1,"AccessKeyId":"RUN\(run)","SecretAccessKey":"hush","SessionToken":"t","Expiration":"\(end)"}
                    """
                )
            }
            let keys = try await chain.credentials()
            #expect(keys.accessKeyID == "RUN1")
            #expect(keys.sessionToken == Secret("t"))
            #expect(keys.expiration == 1_800_003_600)
            standIn.clock.advance(by: 3000)
            #expect(try await chain.credentials().accessKeyID == "RUN2")
            #expect(commands.withLock { $0 }.allSatisfy { $0 == ["/opt/keys", "--for", "my team", "--token", "hush"] })
            #expect("\(chain.source)" == "the credential_process of profile default")
        }
    }

    @Test func `Keeps keys without an end`() async throws {
        try await withStandIn { standIn in
            let runs = Counter()
            let chain = try chain(standIn) { _ in
                runs.increment()
                return Self.output(#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"hush"}"#)
            }
            for _ in 0..<3 {
                #expect(try await chain.credentials().accessKeyID == "A")
                standIn.clock.advance(by: 1e6)
            }
            #expect(runs.value == 1)
        }
    }

    @Test(arguments: [
        ("{\"Version\":2,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"hush\"}", "Version"),
        ("hush: no such file", "JSON"),
        ("{\"Version\":1,\"SecretAccessKey\":\"hush\"}", "AccessKeyId"),
    ])
    func `An answer that is not as agreed is told, and not shown`(output: String, text: String) async throws {
        try await withStandIn { standIn in
            let chain = try chain(standIn) { _ in Self.output(output) }
            let error = await failure { _ = try await chain.credentials() }
            #expect(error?.description.contains("credential_process of profile default") == true)
            #expect(error?.description.contains(text) == true)
            #expect(error?.description.contains("hush") == false)
        }
    }

    @Test func `A command line that cannot be split is not run`() async throws {
        try await withStandIn { standIn in
            let runs = Counter()
            let chain = try chain(standIn, "\"/opt/keys hush") { _ in
                runs.increment()
                return []
            }
            let error = await failure { _ = try await chain.credentials() }
            #expect(error?.description.contains("quote") == true)
            #expect(error?.description.contains("hush") == false)
            #expect(runs.value == 0)
        }
    }

    @Test(
        arguments: [
            ("a b  c", ["a", "b", "c"]), ("", []), ("'a b' \"c d\"e", ["a b", "c de"]), ("a\\ b", ["a b"]),
            ("'a\\b' \"a\\b\\\"\\\\\"", ["a\\b", "a\\b\"\\"]), ("'' x", ["", "x"]), ("'", nil), ("a\\", nil),
            ("\"a'", nil),
            ("'\"' \"'\"", ["\"", "'"]),
        ] as [(String, [String]?)]
    )
    func `Splits as a shell does`(line: String, words: [String]?) {
        #expect(ShellWords.split(line) == words)
    }
}
