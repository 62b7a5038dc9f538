package import AWSCore

/// One session for each role that is assumed, shared by all who ask and kept fresh.
package actor RoleSessions {
    private let client: AWSClient
    private let now: @Sendable () -> Double
    private let region: String
    private let roleName: String
    private let externalID: String?
    private let sessionName: String
    /// More than are in use at a time, since a worker goes from account to account.
    private var providers = LRUCache<String, ExpiringCredentials>(limit: 2048)

    /// Assumes roles as `source`, at the STS of `region`; `sessionName` tells every account's CloudTrail who called, and
    /// what STS does not allow in it is replaced.
    package init(
        runtime: AWSRuntime,
        source: any CredentialsProvider,
        region: String,
        roleName: String,
        externalID: String?,
        sessionName: String
    ) {
        client = AWSClient(runtime: runtime, region: region, credentials: source)
        // Sessions end by STS' clock, whatever this machine's says.
        now = client.clock(of: STS.service)
        self.region = region
        self.roleName = roleName
        self.externalID = externalID
        self.sessionName = STS.sessionName(sessionName)
    }

    /// The role of that name in an account, given by its twelve digits.
    package func provider(for account: String) -> any CredentialsProvider {
        // A region that no partition has is refused by the call itself.
        let partition = AWSPartition(region: region)?.id ?? "aws"
        return provider(forRoleARN: "arn:\(partition):iam::\(account):role/\(roleName)")
    }

    /// A role by its ARN.
    package func provider(forRoleARN role: String) -> any CredentialsProvider {
        providers.value(for: role) { ExpiringCredentials(now: now, load: load(role)) }
    }

    private func load(_ role: String) -> @Sendable () async throws -> Credentials {
        // In a pod it is a role's session that asks.
        let request = STS.AssumeRole(
            RoleArn: role,
            RoleSessionName: sessionName,
            DurationSeconds: STS.longestChainedSession,
            ExternalId: externalID
        )
        return { [client] in try await client.send(request).Credentials }
    }
}
