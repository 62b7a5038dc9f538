package import AWSCore

/// Amazon Elastic Container Registry.
package enum ECR {
    /// ECR's interface for registries, which has the endpoint prefix `api.ecr`.
    package static let service = AWSService(id: "ECR", endpointPrefix: "api.ecr", signingName: "ecr")
}

/// A call of ECR, which writes times as seconds since 1970.
package protocol ECROperation: AWSJSONOperation, Encodable {}

extension ECROperation {
    /// ECR's interface for registries, which has the endpoint prefix `api.ecr`.
    package static var service: AWSService { ECR.service }
    /// JSON 1.1 with the target prefix of the 2015 interface.
    package static var json: AWSJSONProtocol {
        AWSJSONProtocol(version: "1.1", targetPrefix: "AmazonEC2ContainerRegistry_V20150921")
    }
}

extension ECR {
    /// Names an image by digest, by tag, or by both.
    package struct ImageIdentifier: Codable, Sendable, Hashable {
        /// `sha256:` and 64 hexadecimal digits.
        package var imageDigest: String?
        /// A label that may move to another image.
        package var imageTag: String?

        /// Names an image.
        package init(imageDigest: String? = nil, imageTag: String? = nil) {
            self.imageDigest = imageDigest
            self.imageTag = imageTag
        }
    }

    /// Where the scan of an image stands.
    package struct ImageScanStatus: Decodable, Sendable, Hashable {
        /// Such as `COMPLETE` or `ACTIVE`; AWS adds words, so any text is possible.
        package var status: String?
        /// Why, in AWS' words.
        package var description: String?

        /// Holds what AWS says of a scan.
        package init(status: String? = nil, description: String? = nil) {
            self.status = status
            self.description = description
        }
    }
}
