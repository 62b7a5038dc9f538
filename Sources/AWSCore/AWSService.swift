/// The names of an AWS service in URLs, signatures and settings.
package struct AWSService: Sendable, Hashable {
    /// The name that `AWS_ENDPOINT_URL_<ID>` uses, such as `DYNAMODB_STREAMS`.
    package let id: String
    /// The host's first labels, such as `api.ecr`.
    package let endpointPrefix: String
    /// The service in the signature's scope.
    package let signingName: String
    /// Where one region serves the whole partition: that region by partition id, such as `aws: us-east-1`.
    package let globalRegions: [String: String]

    /// Describes a service.
    package init(id: String, endpointPrefix: String, signingName: String, globalRegions: [String: String] = [:]) {
        self.id = id
        self.endpointPrefix = endpointPrefix
        self.signingName = signingName
        self.globalRegions = globalRegions
    }
}
