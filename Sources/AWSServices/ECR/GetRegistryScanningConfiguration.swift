internal import AWSCore

extension ECR {
    /// Tells which kind of scan the caller's registry uses in this region.
    package struct GetRegistryScanningConfiguration: ECROperation {
        /// Asks about the caller's registry.
        package init() {}

        package struct Response: Decodable, Sendable, Hashable {
            package var registryId: String?
            package var scanningConfiguration: RegistryScanningConfiguration?
        }

        package struct RegistryScanningConfiguration: Decodable, Sendable, Hashable {
            /// `BASIC` or `ENHANCED`.
            package var scanType: String?
            /// At most two, one per frequency.
            package var rules: [RegistryScanningRule]?
        }

        package struct RegistryScanningRule: Decodable, Sendable, Hashable {
            /// `SCAN_ON_PUSH`, `CONTINUOUS_SCAN` or `MANUAL`.
            package var scanFrequency: String
            package var repositoryFilters: [ScanningRepositoryFilter]
        }

        package struct ScanningRepositoryFilter: Decodable, Sendable, Hashable {
            /// `*` stands for any run of characters; without one it matches any part of a name.
            package var filter: String
            /// Only `WILDCARD` so far.
            package var filterType: String
        }
    }
}
