/// How an attempt at a repository ended.
package enum AttemptOutcome: Hashable, Sendable {
    case completed(JobCounters)
    /// The attempt's share is done; the rest goes on behind `cursor`.
    case continues(cursor: String)
    /// Nothing is decided; try again. A want of quota is nobody's failure and consumes no try.
    case again(after: Duration?, reason: String, consumesTry: Bool)
    /// No attempt can succeed; the place's coverage in the store says why.
    case discarded(reason: String)
}
