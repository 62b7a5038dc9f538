extension ECRService {
    func describeRepositories(_ input: ECRInput, _ registry: SimulatedRegistry) throws -> JSONValue {
        if let names = input.call.input["repositoryNames"]?.elements {
            let found = try names.compactMap(\.text).map { try registry.repositories[position(of: $0, in: registry)] }
            return ["repositories": .array(found.map { describe($0, registry) })]
        }
        let size = try input.maxResults()
        let start = try input.page().map { registry.position(of: $0).index } ?? 0
        let end = min(start + size, registry.repositories.count)
        let next = end < registry.repositories.count ? registry.repositories[end].name : nil
        return .compact([
            "repositories": .array(registry.repositories[start..<end].map { describe($0, registry) }),
            "nextToken": next.map { .string(PageToken.make($0)) },
        ])
    }

    private func describe(_ repository: SimulatedRepository, _ registry: SimulatedRegistry) -> JSONValue {
        let host = "\(registry.account).dkr.ecr.\(registry.region).amazonaws.com"
        return [
            "repositoryArn": "arn:aws:ecr:\(registry.region):\(registry.account):repository/\(repository.name)",
            "registryId": .string(registry.account),
            "repositoryName": .string(repository.name),
            "repositoryUri": "\(host)/\(repository.name)",
            "createdAt": .number(repository.createdAt),
            "imageTagMutability": "MUTABLE",
            "imageScanningConfiguration": ["scanOnPush": .bool(repository.name.hasPrefix("team/"))],
            "encryptionConfiguration": ["encryptionType": "AES256"],
        ]
    }
}
