internal import AWSCore
internal import AWSServices
internal import AdminServer
internal import Discovery
internal import Domain
package import FleetRoles
internal import JobQueue
internal import Logging
internal import Notifications
internal import Redis
internal import Scanning
internal import Support

extension Settings {
    /// Reads and checks every setting, and reports all problems together.
    ///
    /// - Parameters:
    ///   - sources: the `SCANFLEET_*` settings from flags, environment and file.
    ///   - environment: the standard `AWS_*` variables.
    ///   - needsBucket: whether the role writes the report.
    /// - Throws: `ConfigurationProblems` with a line for each problem.
    package init(
        _ sources: ConfigurationSources,
        environment: [String: String],
        needsBucket: Bool = false
    ) throws(ConfigurationProblems) {
        var reader = SettingReader(sources: sources)
        let redis = reader.redis()
        let aws = reader.aws(environment, calling: Self.services + (needsBucket ? [S3.service] : []))
        let listen = reader.listen()
        var sweeps = reader.sweeps()
        let report = reader.report(needsBucket: needsBucket)
        let notifications = reader.notifications()
        sweeps.scope.recordsUnits = notifications.routes.namesUnits
        let logs = reader.logs()
        let concurrency = reader.integer(.concurrency, in: 1...1024)
        let limiter = reader.limiter()
        let fleet = reader.name(.fleet, extra: "-_.")
        let memberRole = reader.name(.memberRole, extra: "+=,.@-_/")
        let table = reader.name(.table, extra: "-_.")
        guard let redis, let aws, let listen, reader.problems.isEmpty else {
            throw ConfigurationProblems(reader.problems)
        }
        self.init(
            redis: redis,
            fleet: fleet,
            organizationRoleARN: reader.text(.organizationRoleARN),
            memberRole: memberRole,
            externalID: reader.text(.externalID).map(Secret.init),
            sweeps: sweeps,
            table: table,
            report: report,
            notifications: notifications,
            concurrency: concurrency,
            limiter: limiter,
            listen: listen,
            logs: logs,
            aws: aws
        )
    }
}

extension Settings {
    /// The services that every role calls; S3 is added only when a bucket is configured.
    private static let services = [
        STS.service, Organizations.service, AWSAccount.service, ECR.service, DynamoDB.service, DynamoDBStreams.service,
    ]
}

extension SettingReader {
    fileprivate mutating func redis() -> RedisConfiguration? {
        do {
            return try RedisConfiguration(url: string(.redisURL), certificateAuthorityFile: text(.redisCA))
        } catch {
            report(.redisURL, "\(error)")
            return nil
        }
    }

    fileprivate mutating func aws(_ variables: [String: String], calling services: [AWSService]) -> Settings.AWS? {
        let environment: [String: String]
        do { environment = try ProfileEnvironment.completing(variables) } catch {
            report(variable: "AWS profile", error.description)
            return nil
        }
        let region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? ""
        if region.isEmpty {
            report(variable: "AWS_REGION", "required: the region of the table and the bucket")
        } else if AWSPartition(region: region) == nil {
            report(variable: "AWS_REGION", "\(region) is not the code of an AWS region")
        }
        var endpoints: EndpointResolver?
        do { endpoints = try EndpointResolver(environment: environment) } catch {
            report(variable: "AWS endpoint", error.description)
        }
        if let endpoints, AWSPartition(region: region) != nil { check(endpoints, in: region, for: services) }
        var retries: RetryPolicy?
        do { retries = try RetryPolicy(environment: environment) } catch {
            report(variable: "AWS retries", "\(error)")
        }
        var credentials: CredentialsSource?
        do { credentials = try CredentialsSource(environment: environment) } catch {
            report(variable: "AWS credentials", error.description)
        }
        var authorities: CABundle?
        do { authorities = try CABundle(environment: environment) } catch {
            report(variable: "AWS_CA_BUNDLE", error.description)
        }
        guard let endpoints, let retries, let credentials, let authorities else { return nil }
        return Settings.AWS(
            region: RegionName(rawValue: region),
            endpoints: endpoints,
            retries: retries,
            credentials: credentials,
            authorities: authorities
        )
    }

    /// Reports services without a usable endpoint; otherwise a sweep would list every registry as a gap.
    private mutating func check(_ endpoints: EndpointResolver, in region: String, for services: [AWSService]) {
        for service in services {
            do { _ = try endpoints.endpoint(for: service, region: region) } catch {
                report(variable: "AWS endpoint", error.description)
            }
        }
    }

    fileprivate mutating func sweeps() -> Settings.Sweeps {
        Settings.Sweeps(
            scope: scope(),
            images: ImageScope(
                tags: list(.tags).map(Glob.init),
                includesUntagged: toggle(.untagged),
                limit: integer(.imagesPerRepository, in: 0...100_000)
            ),
            scansPerDay: integer(.scansPerDay, in: 0...100_000),
            schedules: [.scan: schedule(.scanSchedule), .collect: schedule(.collectSchedule)],
            overlap: overlap()
        )
    }

    private mutating func overlap() -> SweepOverlap {
        let overlap = SweepOverlap(rawValue: string(.sweepOverlap))
        if overlap == nil { report(.sweepOverlap, "\(string(.sweepOverlap)) is neither wait nor cancel") }
        return overlap ?? .wait
    }

    fileprivate mutating func report(needsBucket: Bool) -> Settings.Report {
        if needsBucket && text(.bucket) == nil {
            report(.bucket, "required: name the S3 bucket that the report is written to")
        }
        return Settings.Report(bucket: text(.bucket), prefix: name(.reportPrefix, extra: "-_./"))
    }

    private mutating func scope() -> DiscoveryScope {
        var regions = DiscoveryScope.Regions.automatic
        if string(.regions) != "auto" {
            let names = list(.regions)
            for name in names where AWSPartition(region: name) == nil {
                report(.regions, "\(name) is not the code of an AWS region")
            }
            if names.isEmpty { report(.regions, "no region is left: give a comma list, or auto") }
            regions = .listed(names.map(RegionName.init(rawValue:)))
        }
        return DiscoveryScope(
            accounts: AccountSelection(included: accounts(.accounts), excluded: accounts(.excludeAccounts)),
            regions: regions,
            repositories: list(.repositories).map(Glob.init)
        )
    }

    fileprivate mutating func logs() -> Settings.Logs {
        let level = Logger.Level(rawValue: string(.logLevel).lowercased())
        if level == nil {
            report(.logLevel, "\(string(.logLevel)) is none of trace, debug, info, notice, warning, error, critical")
        }
        let format = Settings.LogFormat(rawValue: string(.logFormat))
        if format == nil { report(.logFormat, "\(string(.logFormat)) is neither json nor text") }
        return Settings.Logs(level: level ?? .info, format: format ?? .json)
    }
}
