internal import Support

/// The credentials of this process: those of the first source that is configured, loaded when first needed and kept
/// fresh.
package struct CredentialsChain: CredentialsProvider {
    /// The configured source; its description is fit for a log.
    package let source: CredentialsSource
    private let provider: any CredentialsProvider

    /// Prepares a source; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - source: the source that the search found.
    ///   - runtime: transport, endpoints and clock.
    ///   - region: the region whose STS starts the sessions.
    ///   - sessionName: the name that CloudTrail shows for sessions, unless a profile or variable sets another.
    ///   - runProcess: runs the command of `credential_process`.
    ///   - warn: called when instance metadata fails and old keys are kept.
    package init(
        _ source: CredentialsSource,
        runtime: AWSRuntime,
        region: String,
        sessionName: String,
        runProcess: @escaping CredentialsProcess.Runner,
        warn: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        let factory = Factory(
            runtime: runtime,
            region: region,
            sessionName: STS.sessionName(sessionName),
            runProcess: runProcess,
            warn: warn
        )
        self.source = source
        provider = factory.provider(source)
    }

    /// - Throws: `CredentialsError` that names the source.
    package func credentials() async throws -> Credentials { try await provider.credentials() }

    package func invalidate(_ rejected: Credentials, _ reason: CredentialsRefusal) async {
        await provider.invalidate(rejected, reason)
    }
}

/// Makes the provider of each kind of source.
private struct Factory {
    let runtime: AWSRuntime
    let region: String
    let sessionName: String
    let runProcess: CredentialsProcess.Runner
    let warn: @Sendable (String) -> Void

    func provider(_ source: CredentialsSource) -> any CredentialsProvider {
        if case .profile(_, let keys) = source { return StaticCredentials(keys) }
        let load = load(source)
        return ExpiringCredentials(
            now: clock(source),
            load: {
                do {
                    return try await load()
                } catch let error as CancellationError {
                    throw error
                } catch {
                    throw CredentialsError("\(source): \(error)", disposition: error.dispositionOrPermanent)
                }
            }
        )
    }

    /// The clock to compare the keys' expiration with: that of the host which issued them.
    private func clock(_ source: CredentialsSource) -> @Sendable () -> Double {
        switch source {
        case .role, .webIdentity:
            AWSClient(runtime: runtime, region: region, credentials: NoCredentials()).clock(of: STS.service)
        case .environment, .profile, .process, .container, .instanceMetadata: runtime.now
        }
    }

    private func load(_ source: CredentialsSource) -> @Sendable () async throws -> Credentials {
        switch source {
        case .environment(let keys):
            return { [now = runtime.now] in try keys.unlessExpired(now()) }
        case .profile(_, let keys):
            return { keys }
        case .role(let role, let source):
            return assume(role, by: source)
        case .webIdentity(let role):
            return assume(role)
        case .process(let process):
            return { [runProcess] in try await process.load(runProcess) }
        case .container(let endpoint):
            let agent = ContainerCredentials(endpoint: endpoint, runtime: runtime)
            return { try await agent.load() }
        case .instanceMetadata(let endpoint):
            let metadata = InstanceMetadataCredentials(endpoint: endpoint, runtime: runtime, warn: warn)
            return { try await metadata.load() }
        }
    }

    private func assume(_ role: AssumedRole, by source: CredentialsSource) -> @Sendable () async throws -> Credentials {
        let client = AWSClient(runtime: runtime, region: region, credentials: provider(source))
        let longest = source.mayBeRoleSession ? STS.longestChainedSession : Int.max
        let request = STS.AssumeRole(
            RoleArn: role.roleARN,
            RoleSessionName: role.sessionName ?? sessionName,
            DurationSeconds: role.duration.map { min($0, longest) },
            ExternalId: role.externalID?.value
        )
        return { try await client.send(request).Credentials }
    }

    private func assume(_ role: WebIdentityRole) -> @Sendable () async throws -> Credentials {
        let client = AWSClient(runtime: runtime, region: region, credentials: NoCredentials())
        return { [sessionName] in
            // Read for each session, because the cluster replaces it.
            let token = try await CredentialsFile.text(role.tokenFile).filter { !$0.isNewline }
            guard !token.isEmpty else {
                throw CredentialsError("the file \(role.tokenFile) is empty", disposition: .transient)
            }
            let request = STS.AssumeRoleWithWebIdentity(
                RoleArn: role.roleARN,
                RoleSessionName: role.sessionName ?? sessionName,
                WebIdentityToken: Secret(token)
            )
            return try await client.send(request).Credentials
        }
    }
}

extension Credentials {
    /// Keys from the environment cannot be renewed from within.
    fileprivate func unlessExpired(_ now: Double) throws(CredentialsError) -> Credentials {
        guard let expiration, expiration <= now else { return self }
        let end = Timestamp.text(expiration)
        throw CredentialsError("the keys ended at \(end) (AWS_CREDENTIAL_EXPIRATION): start again with new ones")
    }
}

extension CredentialsProcess {
    /// Runs the program and reads the JSON document that it prints.
    fileprivate func load(_ run: Runner) async throws -> Credentials {
        guard let words = ShellWords.split(command.value), !words.isEmpty else {
            throw CredentialsError("it has a quote that is not closed, or names no program")
        }
        let document = try CredentialsDocument(try await run(words), from: "the program")
        guard document.version == 1 else { throw CredentialsError("the program's answer has no \"Version\": 1") }
        return try document.credentials(from: "the program", isSession: false)
    }
}
