import AWSCore
import AWSServices
import Compression
import Foundation
import TestSupport
import Testing

/// Two processes that write the same report while S3 refuses some writes, and loses the answers of others.
@Suite(.serialized, .requires("redis-server"), .timeLimit(.minutes(30))) struct ReportRaceTests {
    private struct Rule: Decodable {}

    private struct Index: Decodable {
        var organization: String
    }

    private func fail(_ fleet: Fleet, _ query: String) async throws {
        _ = try await fleet.page("POST", path: "/_fail?\(query)", as: [Rule].self)
    }

    private func write(_ fleet: Fleet, leader: Int, rounds: Int) async throws -> String {
        let run = try await ProgramRun(Products.bench, ["race", fleet.endpoint, "\(leader)", "\(rounds)"])
        #expect(run.isSuccess, "\(run.output)")
        return run.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The leader that the index is of, once there is one; that the file is whole shows by the way.
    private func leader(_ fleet: Fleet) async throws -> Int? {
        guard let bytes = try await file("race/index.json", of: fleet) else { return nil }
        let index = try JSONDecoder().decode(Index.self, from: Data(bytes))
        return index.organization.split(separator: " ").last.flatMap { Int($0) }
    }

    private func file(_ name: String, of fleet: Fleet) async throws -> [UInt8]? {
        do {
            let object = try await fleet.home.send(S3.GetObject(Bucket: Fleet.bucket, Key: name))
            return try object.Body.map { try Gzip.decompress($0, limit: 1 << 30) }
        } catch let error as AWSServiceError where error.status == 404 {
            return nil
        }
    }

    /// All files but the aggregator's own, and the index, which names its leader.
    private func files(_ fleet: Fleet) async throws -> [String: [UInt8]] {
        let page = try await fleet.home.send(S3.ListObjectsV2(Bucket: Fleet.bucket, Prefix: "race/"))
        var files: [String: [UInt8]] = [:]
        for name in page.Contents.map(\.Key) where name.hasSuffix(".json") && !name.hasSuffix("index.json") {
            files[name] = try await file(name, of: fleet)
        }
        return files
    }

    @Test func `The report is whole at any moment, and never again that of who fenced before`() async throws {
        try await Fleet.simulated { fleet in
            for operation in ["PutObject", "CompleteMultipartUpload"] {
                try await fail(fleet, "service=s3&operation=\(operation)&error=0.1")
                try await fail(fleet, "service=s3&operation=\(operation)&late_error=0.1")
            }
            async let old = write(fleet, leader: 1, rounds: 100_001)
            while try await leader(fleet) == nil { try await Task.sleep(for: .milliseconds(20)) }
            async let new = write(fleet, leader: 2, rounds: 21)
            var seen: [Int] = []
            for _ in 0..<200 where seen.last != 2 || seen.count < 100 {
                if let leader = try await leader(fleet) { seen.append(leader) }
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(try await [old, new] == ["stale", "finished"])
            #expect(seen == seen.sorted(), "an older leader's index came after a newer one's")
            #expect(try await leader(fleet) == 2)
            try await fail(fleet, "clear=1")
            let left = try await files(fleet)
            #expect(left.count == 6 + 3)
            #expect(try await write(fleet, leader: 3, rounds: 1) == "finished")
            let again = try await files(fleet)
            for name in again.keys {
                let isSame = left[name] == again[name]
                #expect(isSame, "\(name) was not as the last round published it")
            }
        }
    }
}
