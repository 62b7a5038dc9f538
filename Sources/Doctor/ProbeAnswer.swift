internal import AWSCore
internal import Domain
internal import RegistryAccess

/// What the answer to one harmless call says about the permission for it.
enum ProbeAnswer: Hashable, Sendable {
    /// AWS did it, or refused for another reason, which it looks into only after the permission.
    case allowed
    case denied(action: String)
    case regionOff
    /// A failure that says nothing about the permission.
    case unknown(String)

    /// Judges a failed call.
    init(_ error: any Error, action: String) {
        switch AccessFailure(error) {
        case .lasting(let coverage) where coverage.state == .regionOff: self = .regionOff
        case .lasting(let coverage) where coverage.state == .accessDenied:
            self = .denied(action: (error as? AWSServiceError)?.deniedAction ?? action)
        case .lasting where error is AWSServiceError: self = .allowed
        case .lasting, .passing: self = .unknown("\(error)")
        }
    }
}

extension AWSServiceError {
    /// The action that the message names, which for one call may be several services'; nil where it names none.
    var deniedAction: String? {
        let mark = "not authorized to perform: "
        guard let start = message.firstRange(of: mark)?.upperBound else { return nil }
        let action = message[start...].prefix { !$0.isWhitespace }
        let parts = action.split(separator: ":", omittingEmptySubsequences: false)
        let isAction =
            parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
            }
        return isAction ? String(action) : nil
    }
}

/// Makes harmless calls and gathers what they say about permissions.
struct Prober {
    let client: AWSClient
    /// The actions' prefix, such as `ecr`.
    let service: String
    private(set) var denied: Set<String> = []
    /// A line for each call that failed for a reason of its own.
    private(set) var unknown: [String] = []
    private(set) var isRegionOff = false

    init(client: AWSClient, service: String) {
        self.client = client
        self.service = service
    }

    /// The answer; nil where there is none, and then why is noted.
    mutating func ask<O: AWSOperation>(_ operation: O) async throws -> O.Response? {
        do {
            return try await client.send(operation)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            switch ProbeAnswer(error, action: "\(service):\(O.name)") {
            case .allowed: break
            case .denied(let action): denied.insert(action)
            case .regionOff: isRegionOff = true
            case .unknown(let why): unknown.append("\(service):\(O.name) could not be tried: \(why)")
            }
            return nil
        }
    }
}
