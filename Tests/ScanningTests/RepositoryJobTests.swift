import AWSServices
import Domain
import FindingStore
import HTTPTransport
import Scanning
import Synchronization
import Testing

@testable import SimulatedAWS

/// What one job does with a repository of many images when single ones, or the whole of it, go wrong.
@Suite struct RepositoryWorkTests {
    private static func images(_ numbers: some Sequence<Int>) -> [SimulatedImage] {
        numbers.map { RehearsedCloud.image($0) }
    }

    private func tally(_ outcome: AttemptOutcome) throws -> [String: Int] {
        guard case .completed(let tally) = outcome else {
            Issue.record("\(outcome)")
            return [:]
        }
        return tally.counts
    }

    private func expectAgain(_ outcome: AttemptOutcome) {
        guard case .again(_, _, consumesTry: true) = outcome else {
            Issue.record("an outage has ended the job: \(outcome)")
            return
        }
    }

    // MARK: One bad image

    private static let miscounted = HTTPResponse(
        status: 200,
        body: Array(
            """
            {"imageScanStatus":{"status":"COMPLETE"},"imageScanFindings":{"imageScanCompletedAt":1799000000,
            "findingSeverityCounts":{"HIGH":3},"findings":[]}}
            """.utf8
        )
    )

    static let bad: [(String, HTTPResponse)] = [
        ("ValidationException", RehearsedCloud.refusal("ValidationException")),
        ("ServerException", RehearsedCloud.refusal("ServerException", status: 500)),
        ("changed", miscounted),
        ("cannot be read", HTTPResponse(status: 200, body: Array("{\"imageScanStatus\":7}".utf8))),
    ]

    @Test(arguments: bad) func `One bad image is a gap of its own, and every other image is status`(
        reason: String,
        response: HTTPResponse
    ) async throws {
        let cloud = try await RehearsedCloud(images: Self.images(0..<120))
        #expect(try tally(await cloud.run(.collect))["scanned"] == 120)
        cloud.replace(images: Self.images(5..<120))
        let digest = RehearsedCloud.digest(30)
        cloud.answer { $0.operation == "DescribeImageScanFindings" && $0.digest == digest ? response : nil }
        let counts = try tally(await cloud.run(.collect, bounds: .init(images: 50)))
        #expect(counts["scanned"] == 114 && counts["failed"] == 1 && counts["gaps"] == 1, "\(counts)")
        #expect(counts["removed"] == 5 && counts["images"] == 115)
        let stored = try await cloud.stored()
        #expect(stored.count == 115)
        #expect(stored[30]?.coverage.state == .failed)
        #expect(stored[30]?.coverage.reason?.contains(reason) == true, "\(stored[30]?.coverage.reason ?? "")")
        #expect(try await cloud.repository()?.obstacle == nil)
        cloud.answer(nil)
        #expect(try tally(await cloud.run(.collect))["gaps"] == nil)
    }

    @Test func `An error that passes within the minute leaves no trace`() async throws {
        let cloud = try await RehearsedCloud(images: Self.images(0..<20))
        let left = Mutex(4)
        let digest = RehearsedCloud.digest(3)
        cloud.answer { seen in
            guard seen.operation == "DescribeImageScanFindings", seen.digest == digest else { return nil }
            return left.withLock { left in
                left -= 1
                return left > 0 ? RehearsedCloud.refusal("ServerException", status: 500) : nil
            }
        }
        let counts = try tally(await cloud.run(.collect))
        #expect(counts["scanned"] == 20 && counts["gaps"] == nil, "\(counts)")
    }

    @Test(arguments: [(SweepKind.collect, "DescribeImageScanFindings"), (.scan, "StartImageScan")])
    func `Where ECR fails for every image, the repository is tried again and no image is blamed`(
        kind: SweepKind,
        operation: String
    ) async throws {
        let cloud = try await RehearsedCloud(images: Self.images(0..<20))
        _ = try await cloud.run(.collect)
        let before = try await cloud.stored()
        cloud.answer { $0.operation == operation ? RehearsedCloud.refusal("ServerException", status: 500) : nil }
        expectAgain(try await cloud.run(kind))
        #expect(try await cloud.stored() == before)
        let repository = try #require(try await cloud.repository())
        #expect((kind == .scan ? repository.scanObstacle : repository.obstacle)?.state == .failed)
    }

    @Test func `Where ECR begins to fail in the midst of a repository, no image is blamed`() async throws {
        let cloud = try await RehearsedCloud(images: Self.images(0..<300))
        _ = try await cloud.run(.collect)
        let before = try await cloud.stored()
        let last = RehearsedCloud.digest(60)
        cloud.answer { seen in
            guard seen.operation == "DescribeImageScanFindings", seen.digest.map({ $0 > last }) == true else {
                return nil
            }
            return RehearsedCloud.refusal("ServerException", status: 500)
        }
        expectAgain(try await cloud.run(.collect))
        #expect(try await cloud.stored() == before)
    }

    @Test func `Bad images that are all that is left of a repository are gaps of their own`() async throws {
        let cloud = try await RehearsedCloud(images: Self.images(0..<52))
        let last = RehearsedCloud.digest(49)
        cloud.answer { seen in
            guard seen.operation == "DescribeImageScanFindings", seen.digest.map({ $0 > last }) == true else {
                return nil
            }
            return RehearsedCloud.refusal("ServerException", status: 500)
        }
        let counts = try tally(await cloud.run(.collect, bounds: .init(images: 50)))
        #expect(counts["scanned"] == 50 && counts["failed"] == 2, "\(counts)")
    }

    @Test func `Images that stay bad end as gaps, even where each number takes several attempts`() async throws {
        let cloud = try await RehearsedCloud(images: Self.images(0..<260))
        let last = RehearsedCloud.digest(119)
        cloud.answer { seen in
            guard seen.operation == "DescribeImageScanFindings", seen.digest.map({ $0 <= last }) == true else {
                return nil
            }
            // Of each portion one is well, so that nothing looks like an outage.
            let isWell = seen.digest.map { $0.dropFirst(7).prefix(8).hasSuffix("0") } == true
            return isWell ? nil : RehearsedCloud.refusal("ServerException", status: 500)
        }
        let counts = try tally(await cloud.run(.collect, bounds: .init(time: .zero)))
        #expect(counts["scanned"] == 148 && counts["failed"] == 112, "\(counts)")
    }

    @Test(arguments: [SweepKind.collect, .scan])
    func `What keeps the fleet from asking ECR says nothing of any image`(kind: SweepKind) async throws {
        struct LimiterRefused: Error {}
        let cloud = try await RehearsedCloud(images: Self.images(0..<20))
        _ = try await cloud.run(.collect)
        let before = try await cloud.stored()
        cloud.block { operation in
            // The listing is through when Redis begins to refuse.
            operation == "DescribeImages" ? nil : LimiterRefused()
        }
        guard case .discarded = try await cloud.run(kind) else {
            Issue.record("a job that cannot ask has ended well")
            return
        }
        #expect(try await cloud.stored() == before)
    }

    @Test func `An image whose scan is refused is a gap of the scan sweep, and the others are started`() async throws {
        let cloud = try await RehearsedCloud(images: Self.images(0..<60))
        let digest = RehearsedCloud.digest(7)
        cloud.answer { seen in
            guard seen.operation == "StartImageScan", seen.digest == digest else { return nil }
            return RehearsedCloud.refusal("InvalidParameterException")
        }
        let counts = try tally(await cloud.run(.scan))
        #expect(counts["scans_started"] == 59 && counts["scans_refused"] == 1 && counts["gaps"] == 1, "\(counts)")
        #expect(try await cloud.stored()[7]?.coverage.state == .failed)
    }

    // MARK: What the jobs of both kinds count and record

    @Test func `A scan that goes on in another attempt keeps the gaps of the one before`() async throws {
        let cloud = try await RehearsedCloud(images: Self.images(0..<120))
        let counts = try tally(await cloud.run(.scan, bounds: .init(images: 50, scansPerDay: 10)))
        #expect(counts["images"] == 120 && counts["scans_started"] == 10, "\(counts)")
        #expect(counts["scans_postponed"] == 110 && counts["gaps"] == 110)
    }

    @Test func `A scan that fails in the midst gives back what it had not started, and a retry counts nothing twice`()
        async throws
    {
        let cloud = try await RehearsedCloud(images: Self.images(0..<50))
        _ = try await cloud.run(.collect)
        let calls = Mutex(0)
        cloud.answer { seen in
            guard seen.operation == "StartImageScan" else { return nil }
            let number = calls.withLock { calls in
                calls += 1
                return calls
            }
            return number > 10 ? RehearsedCloud.refusal("AccessDeniedException", "ecr:StartImageScan") : nil
        }
        _ = try await cloud.run(.scan)
        let limit = 1000
        #expect(try await cloud.store.scansLeft(in: RehearsedCloud.place.registry, limit: limit) == limit - 10)
        cloud.answer(nil)
        let counts = try tally(await cloud.run(.scan))
        #expect(counts["scans_started"] == 40 && counts["scans_recent"] == 10, "\(counts)")
        #expect(try await cloud.store.scansLeft(in: RehearsedCloud.place.registry, limit: limit) == limit - 50)
    }

    @Test func `A registry's own quota is no scan of the image`() async throws {
        let cloud = try await RehearsedCloud(images: Self.images(0..<3))
        cloud.answer { seen in
            seen.operation == "StartImageScan"
                ? RehearsedCloud.refusal("LimitExceededException", "The scan quota of the registry has been exceeded.")
                : nil
        }
        let counts = try tally(await cloud.run(.scan))
        #expect(counts["scans_postponed"] == 3 && counts["scans_recent"] == nil && counts["gaps"] == 3, "\(counts)")
        #expect(try await cloud.store.scansLeft(in: RehearsedCloud.place.registry, limit: 9) == 9)
    }

    @Test func `Neither kind of job unsays what the other was refused`() async throws {
        let cloud = try await RehearsedCloud(images: Self.images(0..<3))
        cloud.answer { seen in
            seen.operation == "StartImageScan" ? RehearsedCloud.refusal("AccessDeniedException", "not allowed") : nil
        }
        _ = try await cloud.run(.scan)
        _ = try await cloud.run(.collect)
        #expect(try await cloud.repository()?.scanObstacle?.state == .accessDenied)
        #expect(try await cloud.repository()?.obstacle == nil)
        cloud.answer { seen in
            seen.operation == "DescribeImages" ? RehearsedCloud.refusal("AccessDeniedException", "not allowed") : nil
        }
        _ = try await cloud.run(.collect)
        #expect(try await cloud.repository()?.scanObstacle?.reason?.contains("StartImageScan") == true)
        #expect(try await cloud.repository()?.obstacle?.reason?.contains("DescribeImages") == true)
        cloud.answer(nil)
        cloud.now += 86_400
        _ = try await cloud.run(.scan)
        #expect(try await cloud.repository()?.scanObstacle == nil)
        #expect(try await cloud.repository()?.obstacle?.state == .accessDenied)
    }

    // MARK: Out of scope

    @Test func `What leaves the newest images is there, and said so once before it is forgotten`() async throws {
        let cloud = try await RehearsedCloud(images: Self.images(0..<4))
        let scope = ImageScope(limit: 4)
        _ = try await cloud.run(.collect, scope: scope)
        cloud.replace(images: Self.images(0..<6))
        var counts = try tally(await cloud.run(.collect, scope: scope))
        #expect(counts["left_scope"] == 2 && counts["removed"] == nil && counts["gaps"] == nil, "\(counts)")
        let stored = try await cloud.stored()
        #expect(stored[0]?.coverage.state == .outOfScope && stored[0]?.findings.isEmpty == true)
        #expect(stored[0]?.coverage.reason?.contains("newest 4") == true)
        // One that comes back before is judged again.
        cloud.replace(images: Self.images([1, 2, 3, 4]))
        counts = try tally(await cloud.run(.collect, scope: scope))
        #expect(counts["scanned"] == 4 && counts["removed"] == 2, "\(counts)")
        cloud.replace(images: Self.images(1..<6))
        _ = try await cloud.run(.collect, scope: scope)
        #expect(try await cloud.stored()[1]?.coverage.state == .outOfScope)
        counts = try tally(await cloud.run(.collect, scope: scope))
        #expect(counts["removed"] == nil && counts["left_scope"] == nil)
        #expect(try await cloud.stored().keys.sorted() == [2, 3, 4, 5])
    }

    // MARK: Every day

    private struct Pending {
        var sweep: SweepID
        var cursor: String?
        var at: Double
    }

    @Test func `Every image is scanned once in each 24 to 25 hours, however the sweeps lie`() async throws {
        let begin: Double = 1_800_057_600
        let images = (0..<30).map { RehearsedCloud.image($0, scannedHoursAgo: Double(30 + $0), now: begin) }
        let cloud = try await RehearsedCloud(now: begin, images: images)
        var pending: [Pending] = []
        for tick in 0..<(6 * 288) {
            cloud.now = begin + Double(tick) * 300 + 1
            let now = cloud.now
            if tick.isMultiple(of: 288) {
                pending.append(Pending(sweep: SweepID(kind: .scan, slot: "\(tick)"), at: now))
            }
            if tick.isMultiple(of: 36) {
                pending.append(Pending(sweep: SweepID(kind: .collect, slot: "\(tick)"), at: now))
            }
            for _ in 0..<20 {
                guard let index = pending.firstIndex(where: { $0.at <= now }) else { break }
                var job = pending.remove(at: index)
                switch try await cloud.attempt(
                    job.sweep,
                    cursor: job.cursor,
                    bounds: .init(scanHorizon: .seconds(6 * 3600))
                ) {
                case .continues(let cursor): job.cursor = cursor
                case .again(let delay, _, _): job.at = now + Double((delay ?? .seconds(1)).components.seconds)
                case .completed, .discarded: continue
                }
                pending.append(job)
            }
        }
        let times = Dictionary(grouping: cloud.scans, by: \.digest).mapValues { $0.map(\.at) }
        #expect(times.count == 30)
        for (digest, times) in times {
            let hours = zip(times, times.dropFirst()).map { ($1 - $0) / 3600 }
            #expect(times.count == 6, "\(digest): \(hours)")
            #expect(hours.allSatisfy { (24...25).contains($0) }, "\(digest): \(hours)")
        }
        #expect(pending.isEmpty, "a sweep is over before the next one begins")
    }
}
