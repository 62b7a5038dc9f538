internal import AWSCore
internal import Domain
internal import RegistryAccess

/// What a harmless call showed about the permission for its action.
enum ProbeAnswer: Hashable, Sendable {
    /// AWS made the call, or refused it for a reason that it checks only after the permission.
    case allowed
    case denied(action: String)
    case regionOff
    /// The call failed in a way that shows nothing about the permission, such as a timeout.
    case unknown(String)

    /// Classifies the error of a failed call; `action` is assumed when AWS' message names none.
    init(_ error: any Error, action: String) {
        switch AccessFailure(error) {
        case .permanent(let coverage) where coverage.state == .regionOff: self = .regionOff
        case .permanent(let coverage) where coverage.state == .accessDenied:
            self = .denied(action: (error as? AWSServiceError)?.deniedAction ?? action)
        case .permanent where error is AWSServiceError: self = .allowed
        case .permanent, .retryable: self = .unknown("\(error)")
        }
    }
}

extension AWSServiceError {
    /// The denied action in AWS' message, nil if there is none; it may belong to another service than the call.
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

/// Makes harmless calls and gathers what they show about permissions.
struct Prober {
    let client: AWSClient
    /// The prefix of the actions, such as `ecr`.
    let service: String
    private(set) var denied: Set<String> = []
    /// A line for each call whose failure shows nothing about the permission.
    private(set) var unknown: [String] = []
    private(set) var isRegionOff = false

    init(client: AWSClient, service: String) {
        self.client = client
        self.service = service
    }

    /// Makes one call and returns its response; on failure it records the reason and returns nil.
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
