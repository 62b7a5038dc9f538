/// What discovery saw when it began a sweep, and, once the sweep is over, what it came to.
package struct SweepRecord: Hashable, Sendable {
    package var id: SweepID
    package var accounts: Int
    package var registries: Int
    package var repositories: Int
    /// Accounts and registries that nobody could look into.
    package var refusedPlaces: Int
    /// Nil until the last job has ended.
    package var completeness: SweepCompleteness?

    /// Begins a record.
    package init(id: SweepID, accounts: Int, registries: Int, repositories: Int, refusedPlaces: Int) {
        self.id = id
        self.accounts = accounts
        self.registries = registries
        self.repositories = repositories
        self.refusedPlaces = refusedPlaces
    }
}

/// How much of what a sweep was to look at it could judge.
package struct SweepCompleteness: Hashable, Sendable {
    /// The one word for a sweep; with any refusal it is never simply complete.
    package enum Verdict: String, Hashable, Sendable {
        case running
        case complete
        case completeWithGaps = "complete_with_gaps"
        /// Some jobs are dead letters, or were cancelled.
        case failed
    }

    package var verdict: Verdict
    package var images: Int
    /// Of a collect: images by what is known of them.
    package var states: [Coverage.State: Int]
    /// Images, repositories, registries and accounts that could not be judged.
    package var gaps: Int
    /// Accounts and registries among the gaps.
    package var refusedPlaces: Int
    /// Repositories among the gaps, those that were given up too.
    package var refusedRepositories: Int

    /// Describes a sweep's end, or how far it is.
    package init(
        verdict: Verdict,
        images: Int,
        states: [Coverage.State: Int],
        gaps: Int,
        refusedPlaces: Int,
        refusedRepositories: Int
    ) {
        self.verdict = verdict
        self.images = images
        self.states = states
        self.gaps = gaps
        self.refusedPlaces = refusedPlaces
        self.refusedRepositories = refusedRepositories
    }

    /// Joins what the jobs counted with what discovery saw.
    package init(_ state: SweepState, tallies: [String: Int], record: SweepRecord) {
        let lost = state.dead + state.cancelled
        gaps = tallies[JobCounter.gaps] + record.refusedPlaces + lost
        images = tallies[JobCounter.images]
        refusedPlaces = record.refusedPlaces
        refusedRepositories = tallies[JobCounter.repositoriesRefused] + lost
        states = Dictionary(
            uniqueKeysWithValues: Coverage.State.allCases.compactMap { state in
                tallies[state.rawValue].map { (state, $0) }
            }
        )
        if !state.isComplete {
            verdict = .running
        } else if lost > 0 {
            verdict = .failed
        } else {
            verdict = gaps == 0 ? .complete : .completeWithGaps
        }
    }

    /// The share of images and refused places that is judged, from 0 to 1; 1 where there was nothing to look at.
    package var ratio: Double {
        let all = images + refusedPlaces + refusedRepositories
        return all == 0 ? 1 : max(0, Double(all - gaps) / Double(all))
    }
}
