internal import AWSCore
internal import HTTPTransport
internal import Testing

/// What stands on the wire, and how answers are read.
@Suite struct WireTests {
    @Test func `Sends JSON with the service's target, and reads what it knows`() async throws {
        let service = ScriptedService([{ _ in .json(#"{"names":["a"],"changedAt":1440938160.5,"new":{}}"#) }])
        let response = try await service.client().send(ListThings())
        #expect(response == ListThings.Response(names: ["a"], changedAt: 1_440_938_160.5))
        let request = try #require(service.requests.first)
        #expect(request.method == "POST")
        #expect(request.url == "https://things.us-east-1.amazonaws.com/")
        #expect(request.header("Host") == "things.us-east-1.amazonaws.com")
        #expect(request.header("Content-Type") == "application/x-amz-json-1.1")
        #expect(request.header("X-Amz-Target") == "Things_V1.ListThings")
        #expect(request.header("User-Agent") == "scanfleet/1.2.3")
        #expect(String(decoding: request.body, as: UTF8.self) == #"{"kind":"any"}"#)
    }

    @Test func `Sends a form and reads XML`() async throws {
        let answer =
            "<NameThingResponse><NameThingResult><Thing>x &amp; y</Thing></NameThingResult></NameThingResponse>"
        let service = ScriptedService([{ _ in HTTPResponse(status: 200, body: Array(answer.utf8)) }])
        #expect(try await service.client().send(NameThing()) == "x & y")
        let request = try #require(service.requests.first)
        #expect(request.header("Content-Type") == "application/x-www-form-urlencoded; charset=utf-8")
        let form = "Action=NameThing&Version=2011-06-15&Name=a%20thing%20%26%20more&Empty="
        #expect(String(decoding: request.body, as: UTF8.self) == form)
    }

    @Test func `Hashes the payload into a header for S3, and keeps the path`() async throws {
        let service = ScriptedService([{ _ in HTTPResponse(status: 304) }])
        var request = AWSRequest()
        request.method = "GET"
        request.path = "/bucket/a//../b%20c"
        request.query = [("list type", "2&3"), ("a", "")]
        #expect(try await service.client().send(AnyStorageCall(request: request)) == 304)
        let sent = try #require(service.requests.first)
        #expect(sent.url == "https://s3.us-east-1.amazonaws.com/bucket/a//../b%20c?a=&list%20type=2%263")
        #expect(
            sent.header("X-Amz-Content-Sha256")
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
    }

    struct Answer: Sendable, CustomTestStringConvertible {
        var status: Int
        var headers: [(name: String, value: String)] = []
        var body: String
        var code: String
        var message: String

        var testDescription: String { "\(status) \(body)" }
    }

    static let answers = [
        Answer(
            status: 400,
            body: #"{"__type":"a.b#OneException","message":"why"}"#,
            code: "OneException",
            message: "why"
        ),
        Answer(status: 400, body: #"{"code":"Two","Message":"why"}"#, code: "Two", message: "why"),
        Answer(status: 400, body: #"{"code":42,"__type":"Three"}"#, code: "Three", message: "no message"),
        Answer(
            status: 400,
            headers: [("x-amzn-ErrorType", "FourException:http://internal.example.com/#x")],
            body: #"{"message":"why"}"#,
            code: "FourException",
            message: "why"
        ),
        Answer(status: 403, headers: [("x-amzn-errortype", "Five")], body: "", code: "Five", message: "no message"),
        Answer(
            status: 403,
            body:
                "<ErrorResponse xmlns=\"x\"><Error><Type>Sender</Type><Code>Six</Code><Message>a &lt; b</Message></Error>"
                + "<RequestId>1</RequestId></ErrorResponse>",
            code: "Six",
            message: "a < b"
        ),
        Answer(
            status: 404,
            body: "<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code><Message>none</Message><Key>k</Key></Error>",
            code: "NoSuchKey",
            message: "none"
        ),
        Answer(status: 412, body: "", code: "UnreadableBody", message: "the answer's body names no error (0 bytes)"),
        Answer(status: 400, body: "{}", code: "UnreadableBody", message: "the answer's body names no error (2 bytes)"),
        Answer(status: 418, body: "[1,", code: "UnreadableBody", message: "the answer's body names no error (3 bytes)"),
    ]

    @Test(arguments: answers) func `Reads the error of every protocol`(answer: Answer) async throws {
        let service = ScriptedService([
            { _ in
                let headers = answer.headers + [("X-Amzn-RequestId", "r-1")]
                return HTTPResponse(status: answer.status, headers: headers, body: Array(answer.body.utf8))
            }
        ])
        let error = await #expect(throws: AWSServiceError.self) { try await service.client().send(ListThings()) }
        #expect(error?.code.rawValue == answer.code)
        #expect(error?.message == answer.message)
        #expect(error?.status == answer.status)
        #expect(error?.requestID == "r-1")
        #expect(error?.isAccessDenied == (answer.status == 403))
    }

    private static let meanings: [(String, AWSErrorMeaning)] = [
        ("RequestExpired", [.expired, .clockSkew]), ("AuthFailure", [.clockSkew, .regionOff]),
        ("UnrecognizedClientException", [.unknownKeys, .signature, .regionOff]), ("NoSuchKey", .failedCondition),
        ("ValidationException", .pageToken), ("SomethingNewException", []),
    ]

    @Test(arguments: meanings)
    func `A code says all that it means, and an unknown one nothing`(code: String, meaning: AWSErrorMeaning) {
        #expect(AWSServiceError.Code(rawValue: "com.amazonaws#\(code):http://x/").meaning == meaning)
    }

    @Test func `A cancelled transaction says why, action by action`() async throws {
        let body = """
            {"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"cancelled",\
            "CancellationReasons":[{"Code":"None"},{"Code":"ConditionalCheckFailed","Message":"it failed"},\
            {"Code":"TransactionConflict"}]}
            """
        let service = ScriptedService([{ _ in HTTPResponse(status: 400, body: Array(body.utf8)) }])
        let error = await #expect(throws: AWSServiceError.self) { try await service.client().send(ListThings()) }
        #expect(error?.code == .transactionCanceled)
        let reasons = try #require(error?.cancellationReasons)
        #expect(reasons.map(\.rawValue) == ["None", "ConditionalCheckFailed", "TransactionConflict"])
        #expect(reasons.contains(.conditionalCheckFailed))
        #expect(reasons.map(\.passes) == [false, false, true])
    }

    @Test func `Says which operation's answer cannot be read`() async throws {
        let service = ScriptedService([{ _ in .json(#"{"names":7}"#) }])
        let error = await #expect(throws: AWSDecodingError.self) { try await service.client().send(ListThings()) }
        #expect(error?.operation == "ListThings")
        #expect(error?.description.contains("names") == true)
    }

    // MARK: Pages

    @Test func `Follows empty pages, and ends where no token comes`() async throws {
        let service = ScriptedService([
            { _ in .json(#"{"names":["a"],"nextToken":"1"}"#) }, { _ in .json(#"{"names":[],"nextToken":"2"}"#) },
            { _ in .json(#"{"names":["b"],"nextToken":""}"#) },
        ])
        var names: [String] = []
        for try await page in try service.client().pages(ListThings(kind: "some")) { names += page.names }
        #expect(names == ["a", "b"])
        #expect(
            service.requests.map { String(decoding: $0.body, as: UTF8.self).contains(#""kind":"some""#) }
                == [true, true, true]
        )
        #expect(service.requests.map { $0.body.count } == [15, 31, 31])
    }

    @Test(arguments: [1, 2, 3, 10]) func `Notices pages that go in a circle of any length`(length: Int) async throws {
        let counter = Counter()
        let service = ScriptedService([
            { _ in
                // Some pages lead into the circle.
                let number = counter.increment()
                let token = number < 5 ? "lead \(number)" : "circle \(number % length)"
                return .json(#"{"names":[],"nextToken":"\#(token)"}"#)
            }
        ])
        await #expect(throws: RepeatedPageToken.self) {
            for try await _ in try service.client().pages(ListThings()) {}
        }
        #expect(service.requests.count < 50)
    }

    @Test func `Goes through many pages whose tokens differ`() async throws {
        let counter = Counter()
        let service = ScriptedService([
            { _ in
                let number = counter.increment()
                return .json(number == 500 ? #"{"names":[]}"# : #"{"names":[],"nextToken":"\#(number)"}"#)
            }
        ])
        for try await _ in try service.client().pages(ListThings()) {}
        #expect(service.requests.count == 500)
    }
}
