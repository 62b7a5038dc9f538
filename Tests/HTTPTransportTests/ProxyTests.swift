import FoundationEssentials
import HTTPTransport
import TestSupport
import Testing

/// libcurl reads the proxy's variables from the environment of its process, so that each test runs itself again with them.
@Suite(.requires("nginx", "openssl"), .timeLimit(.minutes(10))) struct ProxyTests {
    private static let address = "SCANFLEET_TEST_PROXIED_URL"
    private static let authority = "SCANFLEET_TEST_AUTHORITY"

    @Test func `HTTPS goes through the proxy that HTTPS_PROXY names, and is verified end to end`() async throws {
        try await again(host: "service.test", with: { ["HTTPS_PROXY": $0.url] }, isTunneled: true)
    }

    @Test func `The variable in small letters counts too`() async throws {
        try await again(host: "service.test", with: { ["https_proxy": $0.url] }, isTunneled: true)
    }

    @Test(arguments: ["localhost", "other.test,localhost", "*"])
    func `Hosts that NO_PROXY names are reached directly`(exceptions: String) async throws {
        try await again(
            host: "localhost",
            with: { ["HTTPS_PROXY": $0.url, "NO_PROXY": exceptions] },
            isTunneled: false
        )
    }

    @Test func `A host that NO_PROXY does not name goes through the proxy`() async throws {
        try await again(
            host: "localhost",
            with: { ["HTTPS_PROXY": $0.url, "NO_PROXY": "other.test,.example"] },
            isTunneled: true
        )
    }

    /// Sends one request from a process with these variables to a TLS server by this name, and checks what the proxy saw.
    ///
    /// `service.test` is a name that only the proxy knows.
    private func again(
        host: String,
        with variables: (ScriptedHTTPServer) -> [String: String],
        isTunneled: Bool
    ) async throws {
        if let url = ProcessInfo.processInfo.environment[Self.address] { return try await sendOnce(url) }
        try await TemporaryDirectory.with { directory in
            let authority = try await CertificateAuthority(in: directory)
            let identity = try await authority.issue("server", for: ["DNS:service.test", "DNS:localhost"])
            let locations = ["location / { return 200 arrived; }"]
            try await NginxServer.with(in: directory, identity: identity, locations: locations) { server in
                let port = try #require(server.tlsPort)
                try await ScriptedHTTPServer.with({ _ in [.tunnel(toPort: port)] }) { proxy in
                    var environment = variables(proxy)
                    environment[Self.address] = "https://\(host):\(port)/"
                    environment[Self.authority] = authority.certificateFile
                    // One test is enough of a process: all do the same there.
                    let run = try await ProgramRun(
                        again: "HTTPTransportTests.ProxyTests/`The variable in small",
                        environment: environment
                    )
                    #expect(run.isSuccess && run.output.contains("with 1 test"), "\(run.output)")
                    let seen = proxy.requests.map { "\($0.method) \($0.target)" }
                    #expect(seen == (isTunneled ? ["CONNECT \(host):\(port)"] : []))
                }
            }
        }
    }

    private func sendOnce(_ url: String) async throws {
        let file = ProcessInfo.processInfo.environment[Self.authority]
        let configuration = CurlConfiguration(certificateAuthorityFile: file, maximumConnections: 1)
        try await withTransport(configuration) { transport, _ in
            // One that goes past the proxy says nothing about the next one.
            var direct = HTTPRequest(method: "GET", url: "http://127.0.0.1:1/")
            direct.bypassesProxies = true
            await #expect(throws: HTTPTransportError.self) { try await transport.client.send(direct) }
            let response = try await transport.client.send(HTTPRequest(method: "GET", url: url))
            #expect(response.text == "arrived")
        }
    }
}
