internal import AWSCore

extension ECR {
    /// Tells which kind of scan the caller's registry uses in this region.
    package struct GetRegistryScanningConfiguration: ECROperation {
        /// Asks about the caller's registry.
        package init() {}

        package struct Response: Decodable, Sendable, Hashable {
            /// The account that owns the registry; in a request nil means the caller's own.
            package var registryId: String?
            /// How the registry is scanned.
            package var scanningConfiguration: RegistryScanningConfiguration?
        }

        /// The type of scan and the rules of a registry.
        package struct RegistryScanningConfiguration: Decodable, Sendable, Hashable {
            /// `BASIC` or `ENHANCED`.
            package var scanType: String?
            /// At most two, one per frequency.
            package var rules: [RegistryScanningRule]?
        }

        /// When the repositories that fit a filter are scanned.
        package struct RegistryScanningRule: Decodable, Sendable, Hashable {
            /// `SCAN_ON_PUSH`, `CONTINUOUS_SCAN` or `MANUAL`.
            package var scanFrequency: String
            /// One that fits is enough.
            package var repositoryFilters: [ScanningRepositoryFilter]
        }

        /// Chooses repositories by name.
        package struct ScanningRepositoryFilter: Decodable, Sendable, Hashable {
            /// `*` stands for any run of characters; without one it matches any part of a name.
            package var filter: String
            /// Only `WILDCARD` so far.
            package var filterType: String
        }
    }
}
