/// What a job of an experiment does; its text is the payload.
enum SyntheticJob: Equatable {
    /// Sleeps for so many milliseconds.
    case work(number: Int, milliseconds: Int)
    /// Kills its process.
    case poison(number: Int)
    /// Makes so many calls of a quota that the fleet does not know, under its limiter.
    case calls(number: Int, count: Int, callsPerSecond: Double)
    /// Calls something that never answers.
    case hang(number: Int)

    /// The longest payload that is taken seriously, in bytes.
    static let longestPayload = 4096

    /// - Throws: `Rejection`, with the reason why no attempt can succeed.
    init(payload: String) throws(Rejection) {
        guard payload.utf8.count <= Self.longestPayload else {
            throw Rejection(
                description: "the payload has \(payload.utf8.count) bytes, \(Self.longestPayload) are allowed"
            )
        }
        let parts = payload.split(separator: "/")
        switch (parts.first, parts.count) {
        case ("work", 3):
            guard let number = Int(parts[1]), let milliseconds = Int(parts[2]) else { throw .undecodable }
            self = .work(number: number, milliseconds: milliseconds)
        case ("poison", 2):
            guard let number = Int(parts[1]) else { throw .undecodable }
            self = .poison(number: number)
        case ("calls", 4):
            guard let number = Int(parts[1]), let count = Int(parts[2]), let rate = Double(parts[3]) else {
                throw .undecodable
            }
            self = .calls(number: number, count: count, callsPerSecond: rate)
        case ("hang", 2):
            guard let number = Int(parts[1]) else { throw .undecodable }
            self = .hang(number: number)
        case (.some(let kind), _) where !["work", "poison", "calls", "hang"].contains(kind):
            throw Rejection(description: "the kind \(kind.prefix(40)) is unknown")
        default: throw .undecodable
        }
    }

    var payload: String {
        switch self {
        case .work(let number, let milliseconds): "work/\(number)/\(milliseconds)"
        case .poison(let number): "poison/\(number)"
        case .calls(let number, let count, let rate): "calls/\(number)/\(count)/\(rate)"
        case .hang(let number): "hang/\(number)"
        }
    }
}

/// Why a payload is no job.
struct Rejection: Error, CustomStringConvertible {
    let description: String

    static let undecodable = Rejection(description: "the payload cannot be decoded")
}
