/// What the simulator plays.
package struct SimulatorConfiguration: Sendable {
    /// 0 lets the system choose.
    package var port: UInt16 = 0
    /// Whether other machines reach it too, as other containers must; else only this one does.
    package var listensEverywhere = false
    /// The same seed gives the same organization.
    package var seed: UInt64 = 1
    package var accounts = 14
    /// Ordinary repositories per account and region; special ones come on top.
    package var repositories = 5
    /// Images per ordinary repository, on average.
    package var images = 8
    /// Repositories of the one account whose list has several pages.
    package var manyRepositories = 230
    /// Findings of the one image that has most.
    package var bigFindings = 1337
    /// Repositories that are listed but gone when asked for.
    package var vanishingRepositories = 0
    /// The role that may be assumed in every account.
    package var memberRole = "ScanfleetMember"
    /// Demanded of AssumeRole where set.
    package var externalID: String?
    /// The bucket that exists from the start.
    package var bucket = "scanfleet-report"
    /// ECR calls a second per account, region and operation; 0 is without limit.
    package var quota: Double = 0
    /// How long every AWS call takes at least, in seconds.
    package var latency: Double = 0
    /// How long a scan takes once started, in seconds.
    package var scanSeconds = 0.3
    /// How long sessions really live, in seconds, whatever AssumeRole was asked for.
    package var sessionSeconds: Double?
    /// Records after which an open stream shard is split.
    package var shardRecords = 500

    /// The organization of the default size.
    package init() {}

    /// The account that owns the organization, the fleet's table and its bucket.
    package static let managementAccount = "111111111111"
    /// The regions in use; the last one is opt-in and off in some accounts.
    package static let regions = ["us-east-1", "eu-west-1", "ap-east-1"]
}
