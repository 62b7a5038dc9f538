// swift-tools-version: 6.3

import PackageDescription

// Every name here is proven to be on by Sources/Domain/CompilerSettings.swift: an unknown name passes in silence.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .treatAllWarnings(as: .error),
]

// The owners of C, and the event loop: the only places where `unsafe` may stand.
let strictMemory: [SwiftSetting] = strict + [.strictMemorySafety()]

let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let flyingFox: Target.Dependency = .product(name: "FlyingFox", package: "FlyingFox")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")

func mechanism(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func owner(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strictMemory)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: strict)
}

let package = Package(
    name: "scanfleet",
    products: [
        .executable(name: "scanfleet", targets: ["scanfleet"]),
        .executable(name: "scanfleet-simulator", targets: ["scanfleet-simulator"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // C libraries, each with one owner.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "CCurlShims", dependencies: ["CCurl"], linkerSettings: [.linkedLibrary("curl")]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CHiredis", pkgConfig: "hiredis", providers: [.apt(["libhiredis-dev"])]),
        .target(name: "CHiredisShims", dependencies: ["CHiredis"], linkerSettings: [.linkedLibrary("hiredis")]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CEventLoopShims"),

        owner("EventLoop", ["CEventLoopShims", .product(name: "HeapModule", package: "swift-collections")]),
        owner("HTTPTransport", ["CCurl", "CCurlShims", "EventLoop", "Support"]),
        owner("Cryptography", ["COpenSSL"]),
        owner("Compression", ["CZlib"]),
        owner(
            "Redis",
            [
                "CHiredis", "CHiredisShims", "Cryptography", "EventLoop", "Support",
                .product(name: "DequeModule", package: "swift-collections"),
            ]
        ),

        // Mechanism: no word of the domain.
        mechanism("Support"),
        mechanism("JSON"),
        mechanism("Observability", ["JSON", "Support", log]),
        mechanism("AWSCore", ["Compression", "Cryptography", "HTTPTransport", "Support"]),
        mechanism("AWSServices", ["AWSCore", "HTTPTransport", "JSON", "Support"]),
        .target(
            name: "JobQueue",
            dependencies: ["EventLoop", "Observability", "Redis", "Support", log],
            resources: [.embedInCode("Scripts")],
            swiftSettings: strict
        ),
        mechanism("AdminServer", [flyingFox, .product(name: "FlyingSocks", package: "FlyingFox")]),

        // The domain, its store and its stages.
        mechanism("Domain"),
        mechanism(
            "FindingStore",
            ["AWSCore", "AWSServices", "Compression", "Cryptography", "Domain", "JSON", "Support"]
        ),
        mechanism("RegistryAccess", ["AWSCore", "AWSServices", "Domain", "Support"]),
        mechanism(
            "Discovery",
            ["AWSCore", "AWSServices", "Domain", "Observability", "RegistryAccess", "Support", log]
        ),
        mechanism(
            "Scanning",
            ["AWSCore", "AWSServices", "Domain", "FindingStore", "Observability", "RegistryAccess", "Support", log]
        ),
        mechanism("ChangeFeed", ["AWSCore", "AWSServices", "Domain", "FindingStore"]),
        mechanism(
            "Reporting",
            ["AWSCore", "AWSServices", "Compression", "Cryptography", "Domain", "HTTPTransport", "JSON", "Support"]
        ),
        mechanism(
            "Notifications",
            [
                "AWSCore", "AWSServices", "ChangeFeed", "Compression", "Cryptography", "Domain", "FindingStore",
                "HTTPTransport", "JSON", "Observability", "Support", log,
            ]
        ),

        // Assembly: the three roles, what examines a fleet, and the command line, alone in importing ArgumentParser.
        mechanism(
            "FleetRoles",
            [
                "AdminServer", "AWSCore", "AWSServices", "ChangeFeed", "Cryptography", "Discovery", "Domain",
                "EventLoop", "FindingStore", "HTTPTransport", "JobQueue", "JSON", "Notifications", "Observability",
                "Redis", "RegistryAccess", "Reporting", "Scanning", "Support", lifecycle, log, signals, subprocess,
            ]
        ),
        mechanism(
            "Doctor",
            [
                "AWSCore", "AWSServices", "Discovery", "Domain", "FindingStore", "FleetRoles", "JSON", "Redis",
                "RegistryAccess", "Support",
            ]
        ),
        mechanism(
            "ScanfleetCLI",
            [
                "AdminServer", "AWSCore", "AWSServices", "Discovery", "Doctor", "Domain", "EventLoop", "FindingStore",
                "FleetRoles", "HTTPTransport", "JobQueue", "JSON", "Notifications", "Redis", "Reporting", "Scanning",
                "Support", argumentParser, configuration, log,
            ]
        ),
        .executableTarget(name: "scanfleet", dependencies: ["ScanfleetCLI"], swiftSettings: strict),

        // An organization to rehearse against; never linked into scanfleet.
        mechanism(
            "SimulatedAWS",
            ["Cryptography", "JSON", flyingFox, .product(name: "FlyingSocks", package: "FlyingFox")]
        ),
        .executableTarget(
            name: "scanfleet-simulator",
            dependencies: ["SimulatedAWS", argumentParser],
            swiftSettings: strict
        ),

        // What measures and breaks the product; never part of an image.
        mechanism(
            "Benchmarks",
            [
                "AWSCore", "AWSServices", "Compression", "Domain", "EventLoop", "FindingStore", "HTTPTransport", "JSON",
                "Reporting", "Support",
            ]
        ),
        .executableTarget(name: "scanfleet-bench", dependencies: ["Benchmarks"], swiftSettings: strict),
        .executableTarget(
            name: "scanfleet-faults",
            dependencies: ["EventLoop", "JobQueue", "Redis", "Support", argumentParser, log, signals],
            swiftSettings: strict
        ),

        .target(name: "ThreadSanitizerShims", path: "Tests/ThreadSanitizerShims"),
        .target(
            name: "TestSupport",
            dependencies: ["EventLoop", "ThreadSanitizerShims", subprocess],
            path: "Tests/TestSupport",
            swiftSettings: strict
        ),
        .target(
            name: "AWSTestSupport",
            dependencies: ["AWSCore", "AWSServices", "HTTPTransport"],
            path: "Tests/AWSTestSupport",
            swiftSettings: strict
        ),
        tests("EventLoopTests", ["EventLoop"]),
        tests("JSONTests", ["JSON"]),
        tests("CryptographyTests", ["Cryptography"]),
        tests("CompressionTests", ["Compression"]),
        tests("HTTPTransportTests", ["EventLoop", "HTTPTransport", "Support"]),
        tests("RedisTests", ["EventLoop", "Redis", "Support"]),
        tests(
            "AWSCoreTests",
            ["AWSCore", "AWSServices", "Cryptography", "EventLoop", "HTTPTransport", "Support", subprocess]
        ),
        tests("AWSServicesTests", ["AWSTestSupport", "AWSServices", "AWSCore", "HTTPTransport", "EventLoop", "JSON"]),
        tests("JobQueueTests", ["EventLoop", "JobQueue", "Redis", "Support", log]),
        tests("FaultTests", ["scanfleet-faults", subprocess]),
        tests("DomainTests", ["Domain", "Support"]),
        .target(
            name: "StoreTestSupport",
            dependencies: ["AWSCore", "Domain", "EventLoop", "FindingStore", "HTTPTransport", "TestSupport"],
            path: "Tests/StoreTestSupport",
            swiftSettings: strict
        ),
        tests(
            "FindingStoreTests",
            ["AWSCore", "AWSServices", "Domain", "FindingStore", "HTTPTransport", "StoreTestSupport", "Support"]
        ),
        tests("ChangeFeedTests", ["ChangeFeed", "StoreTestSupport", "AWSCore", "Domain", "FindingStore"]),
        tests("DiscoveryTests", ["Discovery", "AWSCore", "AWSServices", "Domain"]),
        tests(
            "ScanningTests",
            [
                "Scanning", "AWSTestSupport", "AWSCore", "AWSServices", "Domain", "FindingStore", "HTTPTransport",
                "RegistryAccess", "SimulatedAWS", log,
            ]
        ),
        tests(
            "ReportingTests",
            [
                "AWSCore", "AWSServices", "AWSTestSupport", "Compression", "Domain", "EventLoop", "HTTPTransport",
                "JSON", "Reporting", "SimulatedAWS", "Support", subprocess,
            ]
        ),
        tests(
            "NotificationsTests",
            [
                "AWSServices", "ChangeFeed", "Domain", "EventLoop", "FindingStore", "HTTPTransport", "JSON",
                "Notifications", "Reporting", "StoreTestSupport", "Support",
            ]
        ),
        tests(
            "SimulatedAWSTests",
            ["SimulatedAWS", "AWSCore", "AWSServices", "EventLoop", "HTTPTransport", "Support"]
        ),
        tests("ObservabilityTests", ["Observability", "Support", log]),
        tests("FleetRolesTests", ["FleetRoles", "Domain", "JobQueue"]),
        tests(
            "ScanfleetCLITests",
            [
                "ScanfleetCLI", "Discovery", "Domain", "FindingStore", "FleetRoles", "JobQueue", "Notifications",
                argumentParser,
            ]
        ),
        // What the outside sees, byte for byte.
        tests(
            "GoldenTests",
            [
                "AWSCore", "ChangeFeed", "Compression", "Domain", "EventLoop", "FindingStore", "FleetRoles",
                "HTTPTransport", "JobQueue", "Notifications", "Observability", "Redis", "Reporting", "ScanfleetCLI",
                argumentParser,
            ]
        ),
        // Separate processes against real servers: the whole way of the data.
        tests(
            "FleetTests",
            [
                "AWSCore", "AWSServices", "AWSTestSupport", "Compression", "Domain", "EventLoop", "FindingStore",
                "HTTPTransport", "JobQueue", "Notifications", "Redis", "RegistryAccess", "Scanning", "scanfleet",
                "scanfleet-bench", "scanfleet-simulator", log, subprocess,
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)
