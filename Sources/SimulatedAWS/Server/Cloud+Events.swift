internal import Synchronization

extension Cloud {
    /// Lets something happen to the very thing that the call is about, before it is answered.
    func happen(_ event: FaultRule.Event, to call: Call) throws {
        let account = call.caller.account
        switch event {
        case .truncate: break
        case .expireToken:
            throw ServiceFault("InvalidParameterException", "Invalid parameter at 'nextToken': it has expired")
        case .deleteRepository:
            let name = call.input["repositoryName"]?.text ?? ""
            organization.withLock { organization in
                organization.update(account: account, region: call.region) { $0.delete(repository: name) }
            }
        case .deleteImage: delete(ImageReference(call.input["imageId"]), call)
        case .suspend:
            organization.withLock { $0.suspend(account) }
            try revoke(account)
        case .revoke: try revoke(account)
        }
    }

    private func delete(_ image: ImageReference, _ call: Call) {
        let name = call.input["repositoryName"]?.text ?? ""
        organization.withLock { organization in
            organization.update(account: call.caller.account, region: call.region) { registry in
                let (position, found) = registry.position(of: name)
                guard found, let digest = image.digest else { return }
                registry.update(position) { $0.delete(digest: digest) }
            }
        }
    }

    private func revoke(_ account: String) throws {
        keys.withLock { $0.revokeSessions(of: account) }
        throw ServiceFault.unrecognizedClient
    }
}
