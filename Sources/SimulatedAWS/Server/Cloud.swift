internal import Synchronization

/// Everything the simulator holds, and the way of a request through it.
final class Cloud: Sendable {
    let configuration: SimulatorConfiguration
    /// Seconds since 1970.
    let now: @Sendable () -> Double
    let organization: Mutex<Organization>
    let keys: Mutex<KeyRing>
    let database: Mutex<Database>
    let objects: Mutex<ObjectStore>
    let controls: Mutex<Controls>
    private let requests = Atomic<Int>(0)

    init(_ configuration: SimulatorConfiguration, now: @escaping @Sendable () -> Double) {
        let management = SimulatorConfiguration.managementAccount
        self.configuration = configuration
        self.now = now
        organization = Mutex(OrganizationBuilder(configuration, now: now()).build())
        keys = Mutex(KeyRing(seed: configuration.seed, managementAccount: management))
        database = Mutex(Database(shardRecords: configuration.shardRecords))
        objects = Mutex(ObjectStore(bucket: configuration.bucket, owner: management))
        controls = Mutex(Controls(configuration))
    }

    /// Starts all over; sessions live on, so that clients need not notice.
    func reset() {
        let fresh = OrganizationBuilder(configuration, now: now()).build()
        organization.withLock { $0 = fresh }
        database.withLock { $0 = Database(shardRecords: configuration.shardRecords) }
        objects.withLock {
            $0 = ObjectStore(bucket: configuration.bucket, owner: SimulatorConfiguration.managementAccount)
        }
        controls.withLock { $0 = Controls(configuration) }
    }

    /// Answers any request, whatever it is.
    func answer(_ request: WireRequest) async -> Answer {
        var answer: Answer
        if request.path.hasPrefix("/_") {
            answer = ControlPages(cloud: self).answer(request)
        } else if request.path.hasPrefix("/hubot/"), request.method == "POST" {
            answer = controls.withLock { $0.hubot.post(request, now: now()) }
        } else {
            answer = await answerAWS(request)
        }
        answer.headers["Date"] = HTTPDate.text(now())
        if request.method == "HEAD" { answer.body = [] }
        return answer
    }

    private func answerAWS(_ request: WireRequest) async -> Answer {
        let number = requests.wrappingAdd(1, ordering: .relaxed).newValue
        let requestID = "00000000-0000-4000-8000-" + String(1_000_000_000_000 + number).suffix(12)
        let route = Route(request)
        var entry = Journal.Entry(service: route.service.rawValue, operation: route.operation, outcome: "ok")
        var answer: Answer
        do {
            let call = try authenticate(request, route)
            entry.account = call.caller.account
            entry.region = call.region
            answer = try await perform(call)
        } catch {
            let fault = error as? ServiceFault ?? ServiceFault("SerializationException", "\(error)")
            entry.outcome = fault.code
            answer = fault.answer(for: route.service, requestID: requestID)
        }
        let outcome = entry
        controls.withLock { $0.journal.record(outcome) }
        answer.headers[route.service == .s3 ? "x-amz-request-id" : "x-amzn-RequestId"] = requestID
        if [.dynamodb, .streams].contains(route.service) {
            answer.headers["x-amz-crc32"] = "\(CRC32.checksum(answer.body))"
        }
        return answer
    }

    private func authenticate(_ request: WireRequest, _ route: Route) throws -> Call {
        let time = now()
        let authenticator = Authenticator(service: route.service, request: request, now: time)
        let (scope, caller) = try authenticator.authenticate { id in keys.withLock { $0[id] } }
        let isJSON = route.service != .s3 && route.service != .sts
        return Call(
            service: route.service,
            operation: route.operation,
            region: scope.region,
            caller: caller,
            request: request,
            input: isJSON ? try JSONValue(reading: request.body) : [:],
            now: time
        )
    }

    private func perform(_ call: Call) async throws -> Answer {
        if configuration.latency > 0 { try await Task.sleep(for: .seconds(configuration.latency)) }
        let faults = controls.withLock { $0.faults(for: call) }
        for fault in faults {
            switch fault {
            case .throttle: throw ServiceFault.throttled(call.service)
            case .deny: throw ServiceFault.denied(call)
            case .error: throw ServiceFault.broken(call.service)
            case .lateError: break
            case .hang(let seconds): try await Task.sleep(for: .seconds(seconds))
            case .unprocessed:
                if let answer = Self.unprocessed(call) { return answer }
            case .event(let event): try happen(event, to: call)
            }
        }
        let bucket = "\(call.caller.account)/\(call.region)/\(call.operation)"
        let isAdmitted = call.service != .ecr || controls.withLock { $0.limiter.admits(bucket, now: call.now) }
        guard isAdmitted else { throw ServiceFault.throttled(call.service) }
        var answer = try dispatch(call)
        if faults.contains(.lateError) { throw ServiceFault.broken(call.service) }
        answer.isCut = faults.contains(.event(.truncate))
        return answer
    }

    private func dispatch(_ call: Call) throws -> Answer {
        switch call.service {
        case .organizations:
            return json(call, try OrganizationsService.answer(call, organization.withLock { $0 }))
        case .account:
            return json(call, try OrganizationsService.listRegions(call, organization.withLock { $0 }))
        case .sts:
            let organization = organization.withLock { $0 }
            let service = SecurityTokenService(configuration: configuration)
            return try keys.withLock { try service.answer(call, organization, &$0) }
        case .ecr:
            let service = ECRService(scanSeconds: configuration.scanSeconds)
            return json(call, try organization.withLock { try service.answer(call, &$0) })
        case .dynamodb:
            return json(call, try database.withLock { try $0.answer(call) })
        case .streams:
            return json(call, try database.withLock { try StreamsService(database: $0).answer(call) })
        case .s3: return try objects.withLock { try $0.answer(call) }
        }
    }

    private func json(_ call: Call, _ value: JSONValue) -> Answer {
        if case .json(let version) = call.service.format {
            return .json(value, type: "application/x-amz-json-\(version)")
        }
        return .json(value)
    }

    /// A batch call that does nothing and hands everything back, as under load.
    private static func unprocessed(_ call: Call) -> Answer? {
        let items = call.input["RequestItems"] ?? [:]
        let type = "application/x-amz-json-1.0"
        switch call.operation {
        case "BatchGetItem": return .json(["Responses": [:], "UnprocessedKeys": items], type: type)
        case "BatchWriteItem": return .json(["UnprocessedItems": items], type: type)
        default: return nil
        }
    }
}
