import FoundationEssentials
import HTTPTransport
import TestSupport
import Testing

/// A DNS server that does not answer holds getaddrinfo(3) up for many seconds, which a library loaded before libc does
/// here for names below `slow.invalid`; so the test runs itself again in a process of its own.
@Suite(.requires("clang"), .timeLimit(.minutes(10))) struct ResolverTests {
    private static let marker = "SCANFLEET_TEST_SLOW_RESOLVER"

    @Test func `A name that is not resolved in time holds up neither the loop nor the shutdown`() async throws {
        if ProcessInfo.processInfo.environment[Self.marker] != nil { return try await resolveSlowly() }
        try await TemporaryDirectory.with { directory in
            let source = try directory.write(slowResolver, to: "resolver.c")
            let library = directory.file("resolver.so")
            let compiled = try await ProgramRun("clang", ["-shared", "-fPIC", "-o", library, source])
            try #require(compiled.isSuccess, "\(compiled.output)")
            let outcome = try await ProgramRun(
                again: "HTTPTransportTests.ResolverTests",
                environment: ["LD_PRELOAD": library, Self.marker: "1"]
            )
            #expect(outcome.isSuccess && outcome.output.contains("with 1 test"), "\(outcome.output)")
        }
    }

    private func resolveSlowly() async throws {
        let begin = ContinuousClock.now
        try await withTransport { transport, loop in
            var limited = HTTPRequest(method: "GET", url: "http://limited.slow.invalid/")
            limited.connectTimeout = .milliseconds(100)
            let timingOut = start(limited, transport)
            let cancelled = start(HTTPRequest(method: "GET", url: "http://cancelled.slow.invalid/"), transport)
            let shutDown = start(HTTPRequest(method: "GET", url: "http://shut-down.slow.invalid/"), transport)
            await #expect(throws: HTTPTransportError.timedOut) { try await timingOut.value }
            cancelled.cancel()
            await #expect(throws: CancellationError.self) { try await cancelled.value }
            await transport.shutdown()
            await #expect(throws: HTTPTransportError.closed) { try await shutDown.value }
        }
        // Waiting for one of the resolver's threads would take 20 seconds.
        #expect(begin.duration(to: .now) < .seconds(10))
    }
}

private func start(_ request: HTTPRequest, _ transport: CurlTransport) -> Task<HTTPResponse, any Error> {
    Task { try await transport.client.send(request) }
}

private let slowResolver = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <netdb.h>
    #include <string.h>
    #include <unistd.h>

    int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
        static const char slow[] = ".slow.invalid";
        size_t length = name ? strlen(name) : 0;
        if (length > sizeof slow && strcmp(name + length - (sizeof slow - 1), slow) == 0) {
            sleep(20);
            return EAI_AGAIN;
        }
        int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) =
            dlsym(RTLD_NEXT, "getaddrinfo");
        return real(name, service, hints, result);
    }

    """
