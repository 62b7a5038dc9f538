// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation
import HTTPTransport
import TestSupport
import Testing

/// The long-running roles as an operator sees them: their pages, their schedule, their lead and their end.
@Suite(.serialized, .requires("redis-server"), .timeLimit(.minutes(30))) struct RoleTests {
    private struct Queue: Decodable {
        struct Sweep: Decodable {
            var id: String
            var total: Int
            var done: Int
            var opened_at: Double
            var completed_at: Double?
        }

        var ready: Int
        var due: Int
        var in_flight: Int
        var delayed: Int
        var suspect: Int
        var dead: Int
        var backlog: Int
        var desired_workers: Int
        var oldest_ready_seconds: Double
        var sweeps: [Sweep]
    }

    private func get(_ fleet: Fleet, _ port: Int, _ path: String) async throws -> (status: Int, body: String) {
        do {
            let response = try await fleet.http.send(HTTPRequest(method: "GET", url: "http://127.0.0.1:\(port)\(path)"))
            return (response.status, String(decoding: response.body, as: UTF8.self))
        } catch is HTTPTransportError {
            // Not listening yet, or not any more.
            return (0, "")
        }
    }

    @Test func `A coordinator starts what is due by itself, and its pages tell`() async throws {
        try await Fleet.simulated(["--accounts", "2"]) { fleet in
            _ = try await fleet.run("init")
            let port = try FreePort.next()
            let coordinator = try await fleet.start("coordinator", with: ["SCANFLEET_LISTEN": "127.0.0.1:\(port)"])
            let worker = try await fleet.start("worker")
            #expect(try await eventually { try await get(fleet, port, "/readyz").status == 200 })
            let isDone = try await eventually {
                let queue = try JSONDecoder().decode(
                    Queue.self,
                    from: Data(try await get(fleet, port, "/v1/queue").body.utf8)
                )
                // More than one of a kind where its next slot begins meanwhile.
                let completed = queue.sweeps.filter { $0.completed_at != nil }.map(\.id)
                let areBoth = ["scan-", "collect-"].allSatisfy { kind in completed.contains { $0.hasPrefix(kind) } }
                return areBoth && queue.backlog == 0
            }
            #expect(isDone, "a scan and a collect sweep should have completed")
            let metrics = try await get(fleet, port, "/metrics").body
            #expect(metrics.contains("scanfleet_role_leading{role=\"coordinator\"} 1"))
            #expect(
                metrics.contains("scanfleet_aws_requests_total{service=\"organizations\",operation=\"ListAccounts\"")
            )
            let exportsSweeps = try await eventually {
                let text = try await get(fleet, port, "/metrics").body
                return text.contains("scanfleet_sweep_last_success_timestamp_seconds{kind=\"collect\"}")
            }
            #expect(exportsSweeps)
            #expect(try await get(fleet, port, "/healthz").status == 200)
            #expect(try await get(fleet, port, "/nothing").status == 404)
            try await fleet.redis.kill()
            #expect(try await eventually { try await get(fleet, port, "/readyz").status == 503 })
            #expect(try await get(fleet, port, "/healthz").status == 200)
            try await fleet.redis.start()
            #expect(try await eventually { try await get(fleet, port, "/readyz").status == 200 })
            try await worker.terminate()
            try await coordinator.terminate()
        }
    }

    @Test func `Another coordinator leads when the first is killed`() async throws {
        try await Fleet.simulated(["--accounts", "2"]) { fleet in
            _ = try await fleet.run("init")
            let off = ["SCANFLEET_SCAN_SCHEDULE": "off", "SCANFLEET_COLLECT_SCHEDULE": "off"]
            let ports = [try FreePort.next(), try FreePort.next()]
            var processes: [ServerProcess] = []
            for port in ports {
                let settings = off.merging(["SCANFLEET_LISTEN": "127.0.0.1:\(port)"]) { first, _ in first }
                processes.append(try await fleet.start("coordinator", with: settings))
                if processes.count == 1 { #expect(try await eventually { try await leads(fleet, port) }) }
            }
            try await Task.sleep(for: .seconds(1))
            #expect(try await leads(fleet, ports[1]) == false)
            try await processes[0].kill()
            #expect(try await eventually { try await leads(fleet, ports[1]) })
            try await processes[1].terminate()
        }
    }

    private func leads(_ fleet: Fleet, _ port: Int) async throws -> Bool {
        try await get(fleet, port, "/metrics").body.contains("scanfleet_role_leading{role=\"coordinator\"} 1")
    }

    @Test(arguments: ["coordinator", "worker", "aggregator"])
    func `SIGTERM ends a role with status 0`(role: String) async throws {
        try await Fleet.simulated(["--accounts", "2"]) { fleet in
            _ = try await fleet.run("init")
            let ended = try await fleet.run(role, endingAfter: 10)
            #expect(ended.errors.contains("role started"), "the signal came too early: \(ended.errors)")
            #expect(ended.status == 0, "\(ended.errors)")
            #expect(ended.errors.contains("role ended"), "\(ended.errors)")
        }
    }
}
