// swift-format-ignore-file: AlwaysUseLowerCamelCase

import AWSCore
import AWSServices
import HTTPTransport

// Calls that only these tests make, to bring the server into the states that ours read.

extension Organizations {
    struct CreateOrganization: OrganizationsSetup {
        var FeatureSet = "ALL"
    }

    struct CreateAccount: OrganizationsSetup {
        var AccountName: String
        var Email: String
    }
}

protocol OrganizationsSetup: AWSJSONOperation, Encodable where Response == NoAnswer {}

extension OrganizationsSetup {
    static var service: AWSService { Organizations.service }
    static var json: AWSJSONProtocol { AWSJSONProtocol(version: "1.1", targetPrefix: "AWSOrganizationsV20161128") }
}

extension ECR {
    struct CreateRepository: ECROperation {
        typealias Response = NoAnswer
        var repositoryName: String
    }

    struct PutImage: ECROperation {
        typealias Response = NoAnswer
        var repositoryName: String
        var imageManifest: String
        var imageTag: String
    }
}

extension S3 {
    struct CreateBucket: AWSOperation {
        static var service: AWSService { S3.service }
        static var name: String { "CreateBucket" }
        static var signsPathVerbatim: Bool { true }
        var Bucket: String

        func encode() -> AWSRequest {
            var request = AWSRequest()
            request.method = "PUT"
            request.path = "/\(Bucket)"
            return request
        }

        static func decode(_ response: HTTPResponse) -> NoAnswer { NoAnswer() }
    }
}

enum IAM {
    static let service = AWSService(id: "IAM", endpointPrefix: "iam", signingName: "iam")

    struct CreateUser: IAMOperation {
        typealias Response = NoAnswer
        var name: String
        var parameters: [(name: String, value: String)] { [("UserName", name)] }
        static func decode(_ root: XMLElement) -> NoAnswer { NoAnswer() }
    }

    struct PutUserPolicy: IAMOperation {
        typealias Response = NoAnswer
        var name: String
        var document: String
        var parameters: [(name: String, value: String)] {
            [("UserName", name), ("PolicyName", "policy"), ("PolicyDocument", document)]
        }
        static func decode(_ root: XMLElement) -> NoAnswer { NoAnswer() }
    }

    struct CreateAccessKey: IAMOperation {
        typealias Response = Credentials
        var name: String
        var parameters: [(name: String, value: String)] { [("UserName", name)] }
        static func decode(_ root: XMLElement) throws -> Credentials {
            let key = "AccessKey"
            return Credentials(
                accessKeyID: try root.required("CreateAccessKeyResult", key, "AccessKeyId"),
                secretAccessKey: Secret(try root.required("CreateAccessKeyResult", key, "SecretAccessKey"))
            )
        }
    }
}

protocol IAMOperation: AWSQueryOperation {}

extension IAMOperation {
    static var service: AWSService { IAM.service }
    static var version: String { "2010-05-08" }
}

struct NoAnswer: Decodable, Sendable {}
