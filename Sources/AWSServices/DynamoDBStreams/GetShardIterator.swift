// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AWSCore

extension DynamoDBStreams {
    /// Gives a place to read on from, valid for 15 minutes.
    package struct GetShardIterator: DynamoDBStreamsOperation {
        /// The stream by its ARN, which ends in the time when it was switched on.
        package var StreamArn: String
        /// A shard by its id, unique within the stream.
        package var ShardId: String
        /// `TRIM_HORIZON`, `LATEST`, `AT_SEQUENCE_NUMBER` or `AFTER_SEQUENCE_NUMBER`.
        package var ShardIteratorType: String
        /// Only with the last two types; `TrimmedDataAccessException` where it is older than the stream.
        package var SequenceNumber: String?

        /// Asks for a place in a shard.
        package init(StreamArn: String, ShardId: String, ShardIteratorType: String, SequenceNumber: String? = nil) {
            self.StreamArn = StreamArn
            self.ShardId = ShardId
            self.ShardIteratorType = ShardIteratorType
            self.SequenceNumber = SequenceNumber
        }

        package struct Response: Decodable, Sendable, Hashable {
            /// A place in the shard; it expires after 15 minutes.
            package var ShardIterator: String?
        }
    }
}
