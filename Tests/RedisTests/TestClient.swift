import EventLoop
import Redis
import TestSupport

/// Lends a client on a loop of its own, and ends both.
@discardableResult
func withClient<Result>(
    _ configuration: RedisConfiguration,
    _ body: (RedisClient) async throws -> Result
) async throws -> Result {
    let loop = try EventLoop()
    let client = RedisClient(configuration: configuration, loop: loop)
    let outcome: Swift.Result<Result, any Error>
    do {
        outcome = .success(try await body(client))
    } catch {
        outcome = .failure(error)
    }
    await client.close()
    loop.shutdown()
    return try outcome.get()
}

/// Lends a client of a server of its own.
@discardableResult
func withServerAndClient<Result>(
    _ options: RedisServer.Options = RedisServer.Options(),
    _ body: (RedisServer, RedisClient) async throws -> Result
) async throws -> Result {
    try await RedisServer.with(options) { server in
        try await withClient(RedisConfiguration(url: server.url)) { client in try await body(server, client) }
    }
}
