import Redis
import Testing

@Suite struct RedisConfigurationTests {
    @Test(arguments: [
        ("redis://127.0.0.1:6380", RedisConfiguration.Endpoint.tcp(host: "127.0.0.1", port: 6380), 0),
        ("redis://redis.example/7", .tcp(host: "redis.example", port: 6379), 7),
        ("REDISS://[::1]:6379/", .tcp(host: "::1", port: 6379), 0),
        ("unix:///run/redis.sock?db=2", .unix(path: "/run/redis.sock"), 2),
        ("unix://u:p@/run/a%20b.sock", .unix(path: "/run/a b.sock"), 0),
        ("redis://:p%40ss@host", .tcp(host: "host", port: 6379), 0),
        ("redis://user:p@ss@host", .tcp(host: "host", port: 6379), 0),
        ("redis://@host", .tcp(host: "host", port: 6379), 0),
    ])
    func `A URL names a place and a database`(url: String, endpoint: RedisConfiguration.Endpoint, database: Int) throws
    {
        let configuration = try RedisConfiguration(url: url)
        #expect(configuration.endpoint == endpoint)
        #expect(configuration.database == database)
    }

    @Test(arguments: [
        ("localhost:6379", RedisConfigurationError.unknownScheme),
        ("http://host", .unknownScheme),
        ("redis://", .missingHost),
        ("redis://:6379", .missingHost),
        ("redis://host:", .invalidPort),
        ("redis://host:0", .invalidPort),
        ("redis://host:+80", .invalidPort),
        ("redis://host:65536", .invalidPort),
        ("redis://::1:6379", .missingHost),
        ("redis://[::1]6379", .invalidPort),
        ("redis://user@host", .missingPassword),
        ("redis://:a%2@host", .invalidPercentEncoding),
        ("redis://:a%zz@host", .invalidPercentEncoding),
        ("redis://:%ff@host", .invalidPercentEncoding),
        ("redis://host/one", .invalidDatabase),
        ("redis://host/-1", .invalidDatabase),
        ("redis://host/0?timeout=3", .unknownParameter),
        ("unix://", .missingSocketPath),
        ("unix://host/run/redis.sock", .missingSocketPath),
        ("unix:///run/redis.sock?database=1", .unknownParameter),
        ("unix:///" + String(repeating: "x", count: 107), .socketPathTooLong),
    ])
    func `A URL that is wrong is refused for the right reason`(url: String, error: RedisConfigurationError) {
        #expect(throws: error) { try RedisConfiguration(url: url) }
    }

    @Test(arguments: [
        "redis://:hunter2@host", "rediss://user:hunter2@host/1", "unix://user:hunter2@/run/redis.sock",
        "redis://hunter2@host", "redis://user:hunter2/1@host:6379", "hunter2://host", "redis://:hunter2%@host",
    ])
    func `Nothing that a configuration or its error prints shows the password`(url: String) {
        let shown: String
        do {
            let configuration = try RedisConfiguration(url: url)
            var dumped = ""
            dump(configuration, to: &dumped)
            dump(configuration.credentials, to: &dumped)
            shown =
                "\(configuration) \(String(reflecting: configuration)) \(dumped) \(String(reflecting: [configuration]))"
        } catch {
            shown = "\(error) \(String(reflecting: error))"
        }
        #expect(!shown.contains("hunter2"))
    }

    @Test func `The description shows what remains`() throws {
        let secured = try RedisConfiguration(url: "rediss://user:hunter2@[::1]:6380/1")
        #expect(secured.description == "rediss://user:***@[::1]:6380/1")
        #expect(try RedisConfiguration(url: "unix:///run/redis.sock").description == "unix:///run/redis.sock?db=0")
    }
}
