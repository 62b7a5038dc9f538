/// Amazon ECR, as far as the fleet asks it.
struct ECRService {
    /// How long a scan takes once started, in seconds.
    var scanSeconds: Double

    func answer(_ call: Call, _ organization: inout Organization) throws -> JSONValue {
        let input = ECRInput(call: call)
        try input.checkRegistry()
        let catalogue = organization.catalogue
        let answer = try organization.update(account: call.caller.account, region: call.region) { registry in
            switch call.operation {
            case "DescribeRepositories": try describeRepositories(input, registry)
            case "DescribeImages": try describeImages(input, registry)
            case "StartImageScan": try startImageScan(input, &registry)
            case "DescribeImageScanFindings": try describeFindings(input, &registry, catalogue)
            case "GetRegistryScanningConfiguration": scanningConfiguration(registry)
            case "BatchGetImage": try batchGetImage(input, registry)
            default: throw ServiceFault("UnknownOperationException", "")
            }
        }
        // An account outside the organization, or a region that it has not switched on.
        guard let answer else { throw ServiceFault.unrecognizedClient }
        return answer
    }

    /// The repository's place; a vanishing one is found by nobody.
    func position(of name: String, in registry: SimulatedRegistry) throws -> Int {
        let (position, found) = registry.position(of: name)
        guard found, !registry.repositories[position].vanishes else {
            throw ServiceFault(
                "RepositoryNotFoundException",
                "The repository with name '\(name)' does not exist in the registry with id '\(registry.account)'"
            )
        }
        return position
    }

    func imageNotFound(_ image: ImageReference, _ repository: String, _ registry: SimulatedRegistry) -> ServiceFault {
        ServiceFault(
            "ImageNotFoundException",
            "The image with imageId \(image.text) does not exist within the repository with name '\(repository)' "
                + "in the registry with id '\(registry.account)'"
        )
    }

    private func scanningConfiguration(_ registry: SimulatedRegistry) -> JSONValue {
        let filters = registry.isEnhanced ? SimulatedRegistry.enhancedFilters : ["team/*"]
        let rule: JSONValue = [
            "scanFrequency": .string(registry.isEnhanced ? "CONTINUOUS_SCAN" : "SCAN_ON_PUSH"),
            "repositoryFilters": .array(filters.map { ["filter": .string($0), "filterType": "WILDCARD"] }),
        ]
        return [
            "registryId": .string(registry.account),
            "scanningConfiguration": [
                "scanType": .string(registry.isEnhanced ? "ENHANCED" : "BASIC"), "rules": [rule],
            ],
        ]
    }
}
