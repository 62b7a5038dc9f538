import Foundation
import Subprocess
import TestSupport
import Testing

/// What the program says about its credentials, as a process of its own without Redis or AWS.
@Suite(.timeLimit(.minutes(30))) struct CredentialsTests {
    /// Runs `scanfleet` with nothing in its environment but what is given.
    private func run(_ arguments: [String] = ["credentials"], _ variables: [String: String]) async throws -> Fleet.Ended
    {
        let given = ["AWS_REGION": "eu-west-1", "PATH": "/usr/bin:/bin"].merging(variables) { $1 }
        let result = try await Subprocess.run(
            .name("env"),
            arguments: Arguments(["-i"] + given.map { "\($0.key)=\($0.value)" } + [Products.scanfleet] + arguments),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        guard case .exited(let code) = result.terminationStatus else {
            throw PageRefused(description: "\(result.terminationStatus)")
        }
        return Fleet.Ended(status: Int(code), output: result.standardOutput, errors: result.standardError)
    }

    @Test func `The source, the id's end and the expiry are shown, and no secret`() async throws {
        try await TemporaryDirectory.with { directory in
            let keys = """
                {"Version":1,"AccessKeyId":"ASIAEXAMPLEEXAMPLE1234","SecretAccessKey":"hunter2","SessionToken":"hunter3",\
                "Expiration":"2099-01-01T00:00:00+00:00"}
                """
            let file = try directory.write(keys, to: "keys.json")
            let config = try directory.write("[profile ops]\ncredential_process = cat \"\(file)\"", to: "config")
            let ended = try await run(["credentials"], ["AWS_CONFIG_FILE": config, "AWS_PROFILE": "ops"])
            #expect(ended.status == 0, "\(ended.errors)")
            let lines = ended.output.split(separator: "\n")
            #expect(lines.count == 3)
            #expect(lines[0] == "source: the credential_process of profile ops")
            #expect(lines[1] == "access key id: ****1234")
            #expect(lines[2].hasPrefix("expires: 2099-01-01T00:00:00Z (in "))
            #expect(!(ended.output + ended.errors).contains("hunter"))
        }
    }

    @Test func `Keys without an end never expire, and a short id is not shown`() async throws {
        let ended = try await run(
            ["credentials"],
            ["AWS_ACCESS_KEY_ID": "short", "AWS_SECRET_ACCESS_KEY": "hunter2"]
        )
        #expect(ended.output == "source: the environment (AWS_ACCESS_KEY_ID)\naccess key id: ****\nexpires: never\n")
    }

    @Test(arguments: ["credentials", "worker", "config"])
    func `Nothing configured and no instance metadata end with 78 and one line`(command: String) async throws {
        let ended = try await run([command], ["AWS_EC2_METADATA_DISABLED": "true"])
        let lines = ended.errors.split(separator: "\n").filter { $0.hasPrefix("scanfleet: ") }
        #expect(ended.status == 78)
        #expect(lines.count == 1 && lines[0].contains("AWS_ACCESS_KEY_ID"), "\(ended.errors)")
        #expect(lines.first?.contains("AWS_CONTAINER_CREDENTIALS_FULL_URI") == true)
    }

    @Test func `A source that gives no keys ends with 77 and the reason`() async throws {
        let nobody = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1"]
        let ended = try await run(["credentials"], nobody)
        #expect(ended.status == 77)
        #expect(
            ended.errors.contains("scanfleet: the EC2 instance's metadata at http://127.0.0.1:1: no AWS credentials")
        )
        #expect(ended.output.isEmpty)
    }

    @Test(arguments: [
        ("false", "false ended with exited(1)"),
        ("/nonexistent/program --token hunter2", "/nonexistent/program cannot be run"),
        ("echo hunter2", "no JSON"), ("head -c 100000 /dev/zero", "head"),
    ])
    func `A program that fails ends with 77, and what it was announced or said is not shown`(
        command: String,
        text: String
    ) async throws {
        try await TemporaryDirectory.with { directory in
            let config = try directory.write("[default]\ncredential_process = \(command)", to: "config")
            let ended = try await run(["credentials"], ["AWS_CONFIG_FILE": config])
            #expect(ended.status == 77)
            #expect(ended.errors.contains(text), "\(ended.errors)")
            #expect(!ended.errors.contains("hunter2"))
        }
    }

    @Test func `The keys never go through a proxy that the environment names`() async throws {
        let document = """
            {"AccessKeyId":"ASIAEXAMPLEEXAMPLE1234","SecretAccessKey":"hunter2","Token":"t","Expiration":"2099-01-01T00:00:00Z"}
            """
        let refuses: ScriptedHTTPServer.Script = { _ in [.answer(502)] }
        let answers: ScriptedHTTPServer.Script = { _ in [.answer(body: document)] }
        try await ScriptedHTTPServer.with(refuses) { proxy in
            try await ScriptedHTTPServer.with(answers) { agent in
                let variables = [
                    "http_proxy": proxy.url, "ALL_PROXY": proxy.url,
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI": agent.url + "/keys",
                ]
                let ended = try await run(["credentials"], variables)
                #expect(ended.status == 0, "\(ended.errors)")
                #expect(agent.requests.count == 1)
                #expect(proxy.requests.isEmpty)
            }
        }
    }
}
