internal import Support
internal import Synchronization

/// A client's state between calls: one prepared operation per type, and one retry budget per service.
///
/// Budgets are separate so that one failing service cannot use up the retries of the others.
final class OperationCache: Sendable {
    private let plans: Mutex<[ObjectIdentifier: PreparedOperation]> = Mutex([:])
    private let budgets: Mutex<[String: SharedBudget]> = Mutex([:])

    /// The prepared operation of a type, made at its first call.
    ///
    /// It stays valid because a client's region and its runtime's endpoints do not change.
    func plan(for operation: ObjectIdentifier, make: () throws -> PreparedOperation) rethrows -> PreparedOperation {
        if let known = plans.withLock({ $0[operation] }) { return known }
        let plan = try make()
        plans.withLock { $0[operation] = plan }
        return plan
    }

    func budget(of service: AWSService) -> SharedBudget {
        budgets.withLock { budgets in
            let budget = budgets[service.id] ?? SharedBudget()
            budgets[service.id] = budget
            return budget
        }
    }
}

/// One service's retry budget, which all calls of a client share.
final class SharedBudget: Sendable {
    private let budget = Mutex(RetryBudget())

    /// Takes the cost of a retry; false when the budget cannot bear it.
    func withdraw(_ cost: Int) -> Bool { budget.withLock { $0.withdraw(cost) } }

    func deposit(_ amount: Int) { budget.withLock { $0.deposit(amount) } }
}
