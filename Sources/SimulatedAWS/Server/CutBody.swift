internal import FlyingSocks

/// A body that breaks off in its middle; the server then closes the connection, as a dying proxy would.
struct CutBody: AsyncBufferedSequence {
    typealias Element = UInt8

    let bytes: [UInt8]

    func makeAsyncIterator() -> Iterator { Iterator(rest: bytes[..<(bytes.count / 2)]) }

    struct Cut: Error {}

    struct Iterator: AsyncBufferedIteratorProtocol {
        var rest: ArraySlice<UInt8>

        mutating func next() async throws -> UInt8? {
            guard let byte = rest.popFirst() else { throw Cut() }
            return byte
        }

        mutating func nextBuffer(suggested count: Int) async throws -> ArraySlice<UInt8>? {
            guard !rest.isEmpty else { throw Cut() }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
    }
}
