internal import AWSCore
internal import AWSServices
internal import Discovery
internal import Domain
internal import FindingStore
internal import FleetRoles
internal import Redis

/// Checks the fleet's own servers: Redis, the table with its stream, and the report's bucket.
struct HomeCheck {
    let assembly: Assembly
    let roles: [FleetRole]
    /// The caller of the AWS calls; nil when unknown.
    let identity: STS.GetCallerIdentity.Response?

    func checks() async throws -> [Check] {
        let preflight = Preflight(assembly: assembly)
        let redis = await redis(preflight)
        let table = try await table(preflight)
        return redis + table + (await bucket(preflight))
    }

    // MARK: Redis

    private func redis(_ preflight: Preflight) async -> [Check] {
        if let problem = await preflight.redisProblem() { return [Check("redis", problem)] }
        do {
            let memory = try await assembly.redis.send(["INFO", "memory"]).text ?? ""
            let mark = "maxmemory_policy:"
            let policy = memory.split(whereSeparator: \.isNewline).first { $0.hasPrefix(mark) }?.dropFirst(mark.count)
            if let policy, policy != "noeviction" {
                let text =
                    "maxmemory-policy is \(policy): with anything but noeviction jobs may vanish when memory is full"
                return [Check(subject: "redis", verdict: .gap, text: text)]
            }
            return [Check(subject: "redis", verdict: .fine, text: policy.map { "answers, \($0)" } ?? "answers")]
        } catch {
            // Managed servers may forbid INFO; the preflight has shown already that Redis answers.
            return [
                Check(subject: "redis", verdict: .note, text: "answers; its eviction policy cannot be read: \(error)")
            ]
        }
    }

    // MARK: The table

    private func table(_ preflight: Preflight) async throws -> [Check] {
        let subject = "table \(assembly.settings.table)"
        if let problem = await preflight.tableProblem() { return [Check(subject, problem)] }
        let description = try await assembly.store.verifyTable()
        let arn = description.streamARN.firstRange(of: "/stream/").map {
            String(description.streamARN[..<$0.lowerBound])
        }
        let examination = TableCheck(
            client: assembly.home,
            table: assembly.settings.table,
            streamARN: description.streamARN,
            tableARN: arn ?? "arn:aws:dynamodb:REGION:FLEET_ACCOUNT:table/\(assembly.settings.table)",
            roles: roles
        )
        let text =
            "\(description.status.lowercased()), with its stream and schema version \(FindingStore.schemaVersion)"
        return [Check(subject: subject, verdict: .fine, text: text)] + (try await examination.checks())
    }

    // MARK: The bucket

    private func bucket(_ preflight: Preflight) async -> [Check] {
        guard roles.contains(.aggregator) else { return [] }
        guard let bucket = assembly.settings.report.bucket else {
            return [
                Check(subject: "bucket", verdict: .note, text: "SCANFLEET_BUCKET is not set; the aggregator needs it")
            ]
        }
        if let problem = await preflight.bucketProblem() {
            var check = Check("bucket \(bucket)", problem)
            guard problem.1 == .refused else { return [check] }
            let partition = AWSPartition(region: assembly.settings.aws.region.rawValue)?.id ?? "aws"
            check.missing = [
                MissingPermission(
                    action: "s3:ListBucket",
                    resource: "arn:\(partition):s3:::\(bucket)",
                    policy: FleetRole.aggregator.policy,
                    holder: "the aggregator's role"
                )
            ]
            return [check]
        }
        let text = "there; s3:PutObject cannot be tried without writing; the first report will show it"
        return [Check(subject: "bucket \(bucket)", verdict: .fine, text: text)]
    }
}

extension Check {
    /// Turns a problem that `Preflight` found into a check.
    init(_ subject: String, _ problem: (String, ExitStatus)) {
        self.init(subject: subject, verdict: problem.1 == .refused ? .refused : .unavailable, text: problem.0)
    }
}
