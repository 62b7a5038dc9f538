internal import Subprocess

/// Issues certificates for servers under test; needs the `openssl` program.
package struct CertificateAuthority: Sendable {
    /// The path of the authority's own certificate, for clients to trust.
    package let certificateFile: String
    private let keyFile: String
    private let directory: TemporaryDirectory

    /// A server's certificate and key, as paths of PEM files.
    package struct Identity: Sendable {
        package let certificateFile: String
        package let keyFile: String
    }

    /// Creates an authority whose files begin with `name`.
    package init(named name: String = "authority", in directory: TemporaryDirectory) async throws {
        self.directory = directory
        certificateFile = directory.file("\(name).crt")
        keyFile = directory.file("\(name).key")
        try await openSSL(
            ["req", "-x509", "-nodes", "-days", "1", "-subj", "/CN=\(name)"]
                + ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
                + ["-keyout", keyFile, "-out", certificateFile]
        )
    }

    /// Issues a certificate for alternative names, such as `DNS:localhost` or `IP:127.0.0.1`, valid for a day.
    package func issue(_ name: String, for alternativeNames: [String]) async throws -> Identity {
        let identity = Identity(
            certificateFile: directory.file("\(name).crt"),
            keyFile: directory.file("\(name).key")
        )
        let request = directory.file("\(name).csr")
        let extensions = try directory.write(
            "subjectAltName=\(alternativeNames.joined(separator: ","))\n",
            to: "\(name).ext"
        )
        try await openSSL(
            ["req", "-new", "-nodes", "-subj", "/CN=\(name)", "-keyout", identity.keyFile, "-out", request]
                + ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        )
        try await openSSL(
            ["x509", "-req", "-days", "1", "-in", request, "-extfile", extensions, "-CAcreateserial"]
                + ["-CA", certificateFile, "-CAkey", keyFile, "-out", identity.certificateFile]
        )
        return identity
    }
}

private func openSSL(_ arguments: [String]) async throws {
    let outcome = try await run(
        .name("openssl"),
        arguments: Arguments(arguments),
        output: .string(limit: 100_000),
        error: .combinedWithOutput
    )
    guard outcome.terminationStatus.isSuccess else {
        throw ServerDidNotStart(
            program: "openssl",
            lines: [outcome.standardOutput],
            cause: "\(outcome.terminationStatus)"
        )
    }
}
