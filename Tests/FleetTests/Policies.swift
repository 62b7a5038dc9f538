// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation

/// The IAM policies under `ops/iam` against what the fleet really called.
enum Policies {
    private struct Policy: Decodable {
        struct Statement: Decodable {
            var Effect: String
            var Action: Actions
        }

        enum Actions: Decodable {
            case one(String)
            case many([String])

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let action = try? container.decode(String.self) {
                    self = .one(action)
                } else {
                    self = .many(try container.decode([String].self))
                }
            }

            var all: [String] {
                switch self {
                case .one(let action): [action]
                case .many(let actions): actions
                }
            }
        }

        var Statement: [Statement]
    }

    /// Every action that one of the policies allows.
    static func allowed() throws -> Set<String> {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../ops/iam").standardized
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let policies = try files.filter { $0.pathExtension == "json" }.map {
            try JSONDecoder().decode(Policy.self, from: Data(contentsOf: $0))
        }
        return Set(policies.flatMap(\.Statement).filter { $0.Effect == "Allow" }.flatMap(\.Action.all))
    }

    /// The action that a call asks permission for; nil where it needs none.
    static func action(service: String, operation: String) -> String? {
        switch (service, operation) {
        case (_, "GetCallerIdentity"): nil
        case (_, "HeadBucket"), (_, "ListObjectsV2"): "s3:ListBucket"
        case (_, "CreateMultipartUpload"), (_, "UploadPart"), (_, "CompleteMultipartUpload"): "s3:PutObject"
        // Its puts and deletes need their own actions, which other calls show to be allowed.
        case (_, "TransactWriteItems"): "dynamodb:ConditionCheckItem"
        case ("streams", _), ("dynamodbstreams", _), ("dynamodb_streams", _): "dynamodb:\(operation)"
        default: "\(service):\(operation)"
        }
    }
}
