// swift-format-ignore-file: AlwaysUseLowerCamelCase

package import AWSCore
package import AWSServices
package import HTTPTransport
import Support

// Calls that only tests make, to bring a server into the states that ours read.

extension Organizations {
    /// Makes the caller's account a management account.
    package struct CreateOrganization: OrganizationsSetup {
        package var FeatureSet = "ALL"

        package init() {}
    }

    /// Adds a member account.
    package struct CreateAccount: OrganizationsSetup {
        package var AccountName: String
        package var Email: String

        package init(AccountName: String, Email: String) {
            self.AccountName = AccountName
            self.Email = Email
        }
    }
}

/// A call of Organizations whose answer nobody reads.
package protocol OrganizationsSetup: AWSJSONOperation, Encodable where Response == NoAnswer {}

extension OrganizationsSetup {
    package static var service: AWSService { Organizations.service }
    package static var json: AWSJSONProtocol {
        AWSJSONProtocol(version: "1.1", targetPrefix: "AWSOrganizationsV20161128")
    }
}

extension ECR {
    /// Makes a repository.
    package struct CreateRepository: ECROperation {
        package typealias Response = NoAnswer
        package var repositoryName: String

        package init(repositoryName: String) { self.repositoryName = repositoryName }
    }

    /// Pushes a manifest under a tag.
    package struct PutImage: ECROperation {
        package typealias Response = NoAnswer
        package var repositoryName: String
        package var imageManifest: String
        package var imageTag: String

        package init(repositoryName: String, imageManifest: String, imageTag: String) {
            self.repositoryName = repositoryName
            self.imageManifest = imageManifest
            self.imageTag = imageTag
        }
    }
}

extension S3 {
    /// Makes a bucket.
    package struct CreateBucket: AWSOperation {
        package static var service: AWSService { S3.service }
        package static var name: String { "CreateBucket" }
        package var Bucket: String

        package init(Bucket: String) { self.Bucket = Bucket }

        package func encode() -> AWSRequest {
            var request = AWSRequest()
            request.method = "PUT"
            request.path = "/\(Bucket)"
            return request
        }

        package static func decode(_ response: HTTPResponse) -> NoAnswer { NoAnswer() }
    }
}

/// The calls of IAM that give a test its own user and keys.
package enum IAM {
    package static let service = AWSService(id: "IAM", endpointPrefix: "iam", signingName: "iam")

    /// Makes a user.
    package struct CreateUser: IAMOperation {
        package typealias Response = NoAnswer
        package var name: String
        package var parameters: [(name: String, value: String)] { [("UserName", name)] }

        package init(name: String) { self.name = name }

        package static func decode(_ root: XMLElement) -> NoAnswer { NoAnswer() }
    }

    /// Gives a user a policy of its own.
    package struct PutUserPolicy: IAMOperation {
        package typealias Response = NoAnswer
        package var name: String
        package var document: String
        package var parameters: [(name: String, value: String)] {
            [("UserName", name), ("PolicyName", "policy"), ("PolicyDocument", document)]
        }

        package init(name: String, document: String) {
            self.name = name
            self.document = document
        }

        package static func decode(_ root: XMLElement) -> NoAnswer { NoAnswer() }
    }

    /// Makes keys for a user.
    package struct CreateAccessKey: IAMOperation {
        package typealias Response = Credentials
        package var name: String
        package var parameters: [(name: String, value: String)] { [("UserName", name)] }

        package init(name: String) { self.name = name }

        package static func decode(_ root: XMLElement) throws -> Credentials {
            let key = "AccessKey"
            return Credentials(
                accessKeyID: try root.required("CreateAccessKeyResult", key, "AccessKeyId"),
                secretAccessKey: Secret(try root.required("CreateAccessKeyResult", key, "SecretAccessKey"))
            )
        }
    }
}

/// A call of IAM.
package protocol IAMOperation: AWSQueryOperation {}

extension IAMOperation {
    package static var service: AWSService { IAM.service }
    package static var version: String { "2010-05-08" }
}

/// An answer that nobody reads.
package struct NoAnswer: Decodable, Sendable {}
