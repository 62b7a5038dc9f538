internal import ArgumentParser
internal import Glibc
internal import SimulatedAWS

/// Plays an AWS Organization to rehearse against.
@main
struct SimulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scanfleet-simulator",
        abstract: "Plays an AWS Organization, and a Hubot.",
        discussion: """
            Sign with access key AKIASIMULATORMANAGEMENT and secret simulated-secret. \
            GET /_truth /_hubot /_calls /_units /_table?name=… show what there is; \
            POST /_change /_fail /_trim /_reset change it.
            """
    )

    @Option(help: "The port to listen on; 0 lets the system choose.")
    var port: UInt16 = 0
    @Flag(help: "Listen on all addresses, for other containers; else on 127.0.0.1 alone.")
    var everywhere = false
    @Option(help: "The same seed gives the same organization.")
    var seed: UInt64 = 1
    @Option(help: "Accounts in the organization.")
    var accounts = 14
    @Option(help: "Ordinary repositories per account and region.")
    var repositories = 5
    @Option(help: "Images per ordinary repository, on average.")
    var images = 8
    @Option(help: "Findings of the one image that has most.")
    var bigFindings = 1337
    @Option(help: "Repositories that are listed but gone when asked for.")
    var vanishingRepositories = 0
    @Option(help: "Demand this external id of AssumeRole.")
    var externalID: String?
    @Option(help: "The bucket that exists from the start.")
    var bucket = "scanfleet-report"
    @Option(help: "ECR calls a second per account, region and operation; 0 is without limit.")
    var quota = 0.0
    @Option(help: "Seconds that every AWS call takes at least.")
    var latency = 0.0
    @Option(help: "Seconds that a scan takes once started.")
    var scanSeconds = 0.3
    @Option(help: "Seconds that sessions live, whatever was asked for.")
    var sessionSeconds: Double?
    @Option(help: "Records after which an open stream shard is split.")
    var shardRecords = 500

    func validate() throws {
        guard accounts > 0, repositories >= 0, images > 0, shardRecords > 0 else {
            throw ValidationError("accounts, images and shard-records are at least 1, repositories at least 0")
        }
    }

    func run() async throws {
        let simulator = Simulator(configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await simulator.run() }
            print("listening on http://127.0.0.1:\(try await simulator.port())")
            // Whoever started us may read this line from a pipe, which is not flushed by itself.
            fflush(nil)
            try await group.next()
        }
    }

    private var configuration: SimulatorConfiguration {
        var configuration = SimulatorConfiguration()
        configuration.port = port
        configuration.listensEverywhere = everywhere
        configuration.seed = seed
        configuration.accounts = accounts
        configuration.repositories = repositories
        configuration.images = images
        configuration.bigFindings = bigFindings
        configuration.vanishingRepositories = vanishingRepositories
        configuration.externalID = externalID
        configuration.bucket = bucket
        configuration.quota = quota
        configuration.latency = latency
        configuration.scanSeconds = scanSeconds
        configuration.sessionSeconds = sessionSeconds
        configuration.shardRecords = shardRecords
        return configuration
    }
}
