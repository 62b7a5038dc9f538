/// What discovery found when the sweep began and, once the sweep is over, its completeness.
package struct SweepRecord: Hashable, Sendable {
    /// The sweep that the record describes; the table has one record for each.
    package var id: SweepID
    /// Accounts that discovery visited, including those it could not read.
    package var accounts: Int
    /// Registries that discovery visited or found in a disabled region, including those it could not read.
    package var registries: Int
    /// Repositories that the sweep covers, including those left to Inspector.
    package var repositories: Int
    /// Accounts and registries that could not be read.
    package var refusedPlaces: Int
    /// The result; nil until every job is over.
    package var completeness: SweepCompleteness?

    /// Describes a sweep that has just begun, without a result.
    package init(id: SweepID, accounts: Int, registries: Int, repositories: Int, refusedPlaces: Int) {
        self.id = id
        self.accounts = accounts
        self.registries = registries
        self.repositories = repositories
        self.refusedPlaces = refusedPlaces
    }
}

/// How much of its scope a sweep could judge.
package struct SweepCompleteness: Hashable, Sendable {
    /// The result in one word; a sweep with any gap is never simply `complete`.
    package enum Verdict: String, Hashable, Sendable {
        /// Jobs are left, or discovery is still enqueuing.
        case running
        /// All jobs completed and everything was judged.
        case complete
        /// All jobs completed, but something could not be judged.
        case completeWithGaps = "complete_with_gaps"
        /// Every job is over, but some became dead letters or were cancelled.
        case failed
    }

    /// The result in one word, for the report and the dashboard.
    package var verdict: Verdict
    /// Images that the jobs checked.
    package var images: Int
    /// The number of images in each coverage state; empty for a scan sweep.
    package var states: [Coverage.State: Int]
    /// Images, repositories, registries and accounts that could not be judged, added up.
    package var gaps: Int
    /// The accounts and registries among `gaps`.
    package var refusedPlaces: Int
    /// The repositories among `gaps`, including those whose jobs became dead letters or were cancelled.
    package var refusedRepositories: Int

    /// Describes a result that was stored.
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

    /// Computes the result from the jobs' counters and discovery's record.
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

    /// The judged share of all images and refused places, from 0 to 1; 1 if there was nothing to check.
    package var ratio: Double {
        let all = images + refusedPlaces + refusedRepositories
        return all == 0 ? 1 : max(0, Double(all - gaps) / Double(all))
    }
}
