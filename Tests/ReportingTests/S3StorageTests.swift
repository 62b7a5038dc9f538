import AWSCore
import AWSServices
import AWSTestSupport
import Domain
import EventLoop
import Foundation
import HTTPTransport
import Reporting
import SimulatedAWS
import Support
import TestSupport
import Testing

/// Two who write the same report, and files of more than one part, against two implementations of S3.
@Suite(.timeLimit(.minutes(10))) struct S3StorageTests {
    @Test func `The simulator keeps the contract`() async throws {
        var configuration = SimulatorConfiguration()
        configuration.bucket = "reports"
        let simulator = Simulator(configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await simulator.run() }
            let url = "http://127.0.0.1:\(try await simulator.port())"
            try await contract(url, key: "AKIASIMULATORMANAGEMENT", secret: "simulated-secret")
            group.cancelAll()
        }
    }

    @Test(.requiresMotoServer) func `moto keeps the contract`() async throws {
        try await MotoServer.with { server in try await contract(server.url, key: "id", secret: "secret") }
    }

    private func contract(_ url: String, key: String, secret: String) async throws {
        try await EventLoop.with { loop in
            let transport = try CurlTransport(loop: loop)
            let runtime = AWSRuntime(
                http: transport.client,
                endpoints: try EndpointResolver(environment: ["AWS_ENDPOINT_URL": url]),
                sleep: { try await loop.sleep(for: $0) },
                now: { Date.now.timeIntervalSince1970 }
            )
            let keys = StaticCredentials(Credentials(accessKeyID: key, secretAccessKey: Secret(secret)))
            let client = AWSClient(runtime: runtime, region: "us-east-1", credentials: keys)
            let outcome: Result<Void, any Error>
            do {
                _ = try await client.send(S3.CreateBucket(Bucket: "reports"))
                try await Contract(client: client).check()
                outcome = .success(())
            } catch {
                outcome = .failure(error)
            }
            await transport.shutdown()
            try outcome.get()
        }
    }
}

private struct Contract {
    let client: AWSClient

    private func storage(_ number: Int, prefix: String) -> S3ReportStorage {
        S3ReportStorage(client: client, bucket: "reports", prefix: prefix, number: number)
    }

    func check() async throws {
        try await smallAndLarge()
        try await givingUp()
        try await succession()
        try await frozen()
        try await fleet()
    }

    private func write(_ bytes: [UInt8], to storage: S3ReportStorage, as name: String) async throws {
        var upload = storage.begin(file(name))
        for start in stride(from: 0, to: bytes.count, by: 1_000_000) {
            try await upload.append(Array(bytes[start..<min(start + 1_000_000, bytes.count)]))
        }
        try await upload.finish()
    }

    private func read(_ name: String, from storage: S3ReportStorage) async throws -> [UInt8]? {
        guard var reader = try await storage.read(name) else { return nil }
        var bytes: [UInt8] = []
        while let more = try await reader.next() { bytes += more }
        return bytes
    }

    private func file(_ name: String) -> ReportFile {
        ReportFile(name: name, contentType: "application/json", contentEncoding: "gzip", cacheControl: "no-cache")
    }

    private func smallAndLarge() async throws {
        let storage = storage(1, prefix: "one/")
        #expect(try await storage.open() == ["parts/leader"])
        #expect(try await read("index.json", from: storage) == nil)
        for count in [10, 5 << 20, 12_345_678] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 9) }
            try await write(bytes, to: storage, as: "index.json")
            let found = try await read("index.json", from: storage)
            #expect(found == bytes, "\(count)")
        }
        let stored = try await client.send(S3.GetObject(Bucket: "reports", Key: "one/index.json", Range: "bytes=0-1"))
        #expect(stored.Headers.ContentEncoding == "gzip")
        #expect(stored.Headers.CacheControl == "no-cache")
        let again = self.storage(2, prefix: "one/")
        #expect(try await again.open() == ["index.json", "parts/leader"])
        try await again.remove("index.json")
        #expect(try await read("index.json", from: again) == nil)
        try await again.remove("index.json")
        try await write(Array("0123456789".utf8), to: again, as: "end")
        #expect(try await again.readEnd(of: "end", count: 3) == Array("789".utf8))
        #expect(try await again.readEnd(of: "end", count: 30) == Array("0123456789".utf8))
        #expect(try await again.readEnd(of: "nothing", count: 3) == nil)
    }

    private func givingUp() async throws {
        let storage = storage(1, prefix: "given-up/")
        _ = try await storage.open()
        var upload = storage.begin(file("findings.json"))
        try await upload.append([UInt8](repeating: 1, count: 6 << 20))
        await upload.cancel()
        #expect(try await read("findings.json", from: storage) == nil)
    }

    private func succession() async throws {
        let (old, new) = (storage(7, prefix: "two/"), storage(8, prefix: "two/"))
        _ = try await old.open()
        try await write([1], to: old, as: "index.json")
        _ = try await new.open()
        try await write([2], to: new, as: "index.json")
        // The old one knows nothing of it yet, and its version is gone.
        await #expect(throws: ReportStorageError.stale(own: 7, newer: 8)) {
            try await write([3], to: old, as: "index.json")
        }
        await #expect(throws: ReportStorageError.stale(own: 7, newer: 8)) { _ = try await old.open() }
        await #expect(throws: ReportStorageError.stale(own: 6, newer: 8)) {
            _ = try await storage(6, prefix: "two/").open()
        }
        #expect(try await read("index.json", from: new) == [2])
    }

    /// A frozen leader that wakes before the new one has written the file overwrites nothing for good.
    private func frozen() async throws {
        let (old, new) = (storage(1, prefix: "three/"), storage(2, prefix: "three/"))
        _ = try await old.open()
        try await write([UInt8](repeating: 1, count: 6 << 20), to: old, as: "findings.json")
        var sleeping = old.begin(file("findings.json"))
        try await sleeping.append([UInt8](repeating: 9, count: 6 << 20))
        _ = try await new.open()
        try await sleeping.finish()
        try await write([2], to: new, as: "findings.json")
        #expect(try await read("findings.json", from: new) == [2])
    }

    /// The builder over S3: twice the same, and the second time only what changed is written.
    private func fleet() async throws {
        var source = SampleSource()
        source.allAccounts = [Sample.account(Sample.production, "production")]
        source.allRegistries = [RegistryStatus(registry: Sample.europe)]
        source.images = (0..<50).map { Sample.image("\(100 + $0)", tags: ["t"], [Sample.finding("CVE-\($0)")]) }
        let storage = storage(1, prefix: "four/")
        let builder = ReportBuilder(source: source, storage: storage, organization: "fleet") { 1_763_985_600 }
        #expect(try await builder.publish().built == 1)
        let first = try await read("111122223333/eu-west-1.json", from: storage)
        #expect(try await builder.publish(.nothing).built == 0)
        #expect(try await builder.publish(.whole([Sample.europe])).built == 1)
        #expect(try await read("111122223333/eu-west-1.json", from: storage) == first)
        #expect(try await storage.open().contains("parts/111122223333/eu-west-1"))
    }
}
