internal import AWSCore
internal import HTTPTransport
internal import Testing

@Suite struct RetryPolicyTests {
    /// One way that a service fails for ever, and what the rules make of it.
    struct Course: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var environment: [String: String]
        var isDynamoDB = false
        var status = 500
        var code: String
        var attempts: Int
        /// The ceiling of the first wait.
        var base: Duration
    }

    private static let new = ["AWS_NEW_RETRIES_2026": "true"]

    static let courses = [
        Course(
            testDescription: "a fault",
            environment: [:],
            code: "InternalServerError",
            attempts: 3,
            base: .seconds(1)
        ),
        Course(testDescription: "a throttle", environment: [:], code: "SlowDown", attempts: 3, base: .seconds(1)),
        Course(
            testDescription: "a fault in 2026",
            environment: new,
            code: "InternalServerError",
            attempts: 3,
            base: .milliseconds(50)
        ),
        Course(
            testDescription: "a throttle in 2026",
            environment: new,
            code: "SlowDown",
            attempts: 3,
            base: .seconds(1)
        ),
        Course(
            testDescription: "a fault of DynamoDB in 2026",
            environment: new,
            isDynamoDB: true,
            code: "InternalServerError",
            attempts: 4,
            base: .milliseconds(25)
        ),
        Course(
            testDescription: "a throttle by DynamoDB in 2026",
            environment: new,
            isDynamoDB: true,
            status: 400,
            code: "ProvisionedThroughputExceededException",
            attempts: 4,
            base: .seconds(1)
        ),
        Course(
            testDescription: "five attempts by setting",
            environment: ["AWS_MAX_ATTEMPTS": "5", "AWS_RETRY_MODE": "Standard"],
            code: "InternalServerError",
            attempts: 5,
            base: .seconds(1)
        ),
        Course(
            testDescription: "one attempt, by setting, of DynamoDB in 2026",
            environment: ["AWS_MAX_ATTEMPTS": "1", "AWS_NEW_RETRIES_2026": "TRUE", "AWS_RETRY_MODE": ""],
            isDynamoDB: true,
            code: "InternalServerError",
            attempts: 1,
            base: .zero
        ),
    ]

    @Test(arguments: courses) func `Follows the rules that are set`(course: Course) async throws {
        var longest = Duration.zero
        for _ in 0..<40 {
            let service = ScriptedService([{ _ in .failure(course.status, course.code) }])
            let runtime = try service.runtime(retries: try RetryPolicy(environment: course.environment))
            let client = AWSClient(
                runtime: runtime,
                region: "us-east-1",
                credentials: StaticCredentials(SignatureVector.credentials)
            )
            await #expect(throws: AWSServiceError.self) {
                if course.isDynamoDB {
                    _ = try await client.send(ReadRow())
                } else {
                    _ = try await client.send(ListThings())
                }
            }
            #expect(service.requests.count == course.attempts)
            for (index, slept) in service.sleeps.enumerated() { #expect(slept <= course.base * (1 << index)) }
            longest = max(longest, service.sleeps.first ?? .zero)
        }
        // Of 40 waits drawn evenly below the ceiling, all miss its upper nine tenths once in 10^40 runs.
        #expect(longest >= course.base / 10)
    }

    /// The budget's 500 units, at 5 a fault and 10 a time-out at first, and at 14 for either in 2026.
    @Test(arguments: [([:], 100, 50), (new, 35, 35)] as [([String: String], Int, Int)])
    func `Retries cost what the rules say`(environment: [String: String], faults: Int, timeOuts: Int) async throws {
        let policy = try RetryPolicy(environment: environment)
        for (line, retries) in [
            (RetryTests.failing(500, "InternalServerError"), faults),
            (RetryTests.losing(.timedOut), timeOuts),
        ] {
            let service = ScriptedService([line])
            let client = AWSClient(
                runtime: try service.runtime(retries: policy),
                region: "us-east-1",
                credentials: StaticCredentials(SignatureVector.credentials)
            )
            for _ in 0..<60 { _ = await Result { try await client.send(ListThings()) } }
            #expect(service.requests.count == 60 + retries)
        }
    }

    @Test(arguments: [
        ("AWS_MAX_ATTEMPTS", "0"), ("AWS_MAX_ATTEMPTS", "-1"), ("AWS_MAX_ATTEMPTS", "many"),
        ("AWS_RETRY_MODE", "legacy"),
        ("AWS_RETRY_MODE", "adaptive"),
    ])
    func `Refuses settings that it would not follow`(name: String, value: String) {
        let error = #expect(throws: RetryPolicy.ConfigurationError.self) {
            try RetryPolicy(environment: [name: value])
        }
        #expect(error?.description.contains("\(name): \(value)") == true)
    }
}

/// A call of DynamoDB's, as far as the rules tell it from others.
private struct ReadRow: AWSJSONOperation, Encodable {
    static let service = AWSService(id: "DYNAMODB", endpointPrefix: "dynamodb", signingName: "dynamodb")
    static let json = AWSJSONProtocol(version: "1.0", targetPrefix: "DynamoDB_20120810")

    struct Response: Decodable, Sendable {}
}
