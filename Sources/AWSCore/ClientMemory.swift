internal import Retry
internal import Synchronization

/// What a client keeps between its calls: its services' addresses, the keys derived for its scopes, and each service's retry budget, so that one
/// failing service cannot use up what the others may spend.
final class ClientMemory: Sendable {
    private struct State {
        var keys = SigningKeys()
        var budgets: [String: RetryBudget] = [:]
        var targets: [String: RequestTarget] = [:]
    }

    private let state = Mutex(State())

    /// What `make` gave the first time; a client's region and its runtime's endpoints do not change.
    func target(for service: AWSService, make: () throws -> RequestTarget) rethrows -> RequestTarget {
        if let known = state.withLock({ $0.targets[service.id] }) { return known }
        let target = try make()
        state.withLock { $0.targets[service.id] = target }
        return target
    }

    func key(secret: Secret, scope: SigV4Signer.Scope, day: String) -> SigningKey {
        state.withLock { $0.keys.key(secret: secret, scope: scope, day: day) }
    }

    /// Takes the cost of a retry; false when the budget cannot bear it.
    func withdraw(_ cost: Int, for service: AWSService) -> Bool {
        state.withLock { $0.budgets[service.id, default: RetryBudget()].withdraw(cost) }
    }

    func deposit(_ amount: Int, for service: AWSService) {
        state.withLock { $0.budgets[service.id, default: RetryBudget()].deposit(amount) }
    }
}
