// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AWSCore

extension DynamoDBStreams {
    /// Lists a stream's shards, at most 100 a page and 10 calls a second.
    package struct DescribeStream: DynamoDBStreamsOperation, PaginatedOperation {
        /// The stream by its ARN, which ends in the time when it was switched on.
        package var StreamArn: String
        /// 1 to 100.
        package var Limit: Int?
        /// The last shard of the page before; nil asks for the first page.
        package var ExclusiveStartShardId: String?

        /// Asks for the first page, or for the one after a shard.
        package init(StreamArn: String, Limit: Int? = nil, ExclusiveStartShardId: String? = nil) {
            self.StreamArn = StreamArn
            self.Limit = Limit
            self.ExclusiveStartShardId = ExclusiveStartShardId
        }

        package struct Response: Decodable, Sendable, Hashable {
            /// A stream with one page of its shards.
            package var StreamDescription: DynamoDBStreams.StreamDescription?
        }

        package func following(_ token: String) -> Self {
            var copy = self
            copy.ExclusiveStartShardId = token
            return copy
        }

        /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
        package static func nextToken(in page: Response) -> String? { page.StreamDescription?.LastEvaluatedShardId }
    }

    /// A stream with one page of its shards.
    package struct StreamDescription: Decodable, Sendable, Hashable {
        /// The stream by its ARN, which ends in the time when it was switched on.
        package var StreamArn: String?
        /// `ENABLING`, `ENABLED`, `DISABLING` or `DISABLED`.
        package var StreamStatus: String?
        /// What records hold, such as `NEW_AND_OLD_IMAGES`.
        package var StreamViewType: String?
        /// One page of shards, open and closed ones.
        package var Shards: [Shard]?
        /// The shard after which the next page begins; nil on the last.
        package var LastEvaluatedShardId: String?
    }

    /// A part of a stream; its parent must be read to its end before it.
    package struct Shard: Decodable, Sendable, Hashable {
        /// A shard by its id, unique within the stream.
        package var ShardId: String?
        /// May name a shard that is trimmed already.
        package var ParentShardId: String?
    }
}
