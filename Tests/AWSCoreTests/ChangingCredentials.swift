internal import AWSCore
internal import Synchronization

/// Gives one pair of keys after the other, as a test bids.
final class ChangingCredentials: CredentialsProvider {
    private let keys: [Credentials]
    private let index = Mutex(0)

    init(_ keys: [Credentials]) { self.keys = keys }

    func change() { index.withLock { $0 = ($0 + 1) % keys.count } }

    func credentials() async throws -> Credentials { keys[index.withLock { $0 }] }

    func invalidate(_ rejected: Credentials, _ reason: CredentialsRefusal) async {}
}
