import AWSCore
import EventLoop
import HTTPTransport
import Support
import TestSupport
import Testing

@Suite(.requires("nginx", "openssl"), .timeLimit(.minutes(10))) struct AuthorityBundleTests {
    @Test(arguments: [[:], ["AWS_CA_BUNDLE": ""]])
    func `Without a file the system's authorities are trusted`(environment: [String: String]) throws {
        #expect(try CABundle(environment: environment).file == nil)
    }

    @Test func `A file that is not there, or holds no certificate, is a wrong setting that names it`() async throws {
        try await TemporaryDirectory.with { directory in
            let text = try directory.write("no certificate", to: "text.pem")
            for path in [directory.file("missing.pem"), text, directory.path] {
                let error = #expect(throws: CABundle.ConfigurationError.self) {
                    try CABundle(environment: ["AWS_CA_BUNDLE": path])
                }
                #expect(error?.description.hasPrefix("no trusted authority can be read from \(path): ") == true)
            }
        }
    }

    @Test func `A private authority's server is trusted by the file that holds it, and by no other`() async throws {
        try await TemporaryDirectory.with { directory in
            let authority = try await CertificateAuthority(in: directory)
            let stranger = try await CertificateAuthority(named: "stranger", in: directory)
            let identity = try await authority.issue("server", for: ["DNS:localhost"])
            let answer = ["location / { return 200 '{\"names\":[\"a\"]}'; }"]
            try await NginxServer.with(in: directory, identity: identity, locations: answer) { server in
                let url = "https://localhost:\(server.tlsPort ?? 0)"
                let answer = try await call(url, ["AWS_CA_BUNDLE": authority.certificateFile])
                #expect(answer == ["a"])
                for environment in [["AWS_CA_BUNDLE": stranger.certificateFile], [:]] {
                    let error = await #expect(throws: HTTPTransportError.self) { try await call(url, environment) }
                    guard case .untrustedCertificate? = error else {
                        Issue.record("\(String(describing: error))")
                        continue
                    }
                }
            }
        }
    }

    /// Makes one signed call as the fleet does, with what the environment says.
    private func call(_ url: String, _ environment: [String: String]) async throws -> [String] {
        let bundle = try CABundle(environment: environment)
        return try await EventLoop.with { loop in
            let configuration = CurlConfiguration(certificateAuthorityFile: bundle.file)
            let transport = try CurlTransport(loop: loop, configuration: configuration)
            let runtime = AWSRuntime(
                http: transport.client,
                endpoints: try EndpointResolver(environment: ["AWS_ENDPOINT_URL": url]),
                sleep: { _ in },
                now: { 1_440_938_160 }
            )
            let keys = Credentials(accessKeyID: "ID", secretAccessKey: Secret("secret"))
            let client = AWSClient(runtime: runtime, region: "us-east-1", credentials: StaticCredentials(keys))
            let result = await Result { try await client.send(ListThings()).names }
            await transport.shutdown()
            return try result.get()
        }
    }
}
