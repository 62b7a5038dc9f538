package import Domain

/// What a report is made from; images come one by one, so that no report needs them all in memory.
package protocol ReportSource: Sendable {
    /// The images of one registry; those of one repository follow each other.
    associatedtype Images: AsyncSequence where Images.Element == JudgedImage

    /// All accounts of the organization, with what keeps the fleet out of them.
    func accounts() async throws -> [JudgedAccount]
    /// All registries of all accounts.
    func registries() async throws -> [JudgedRegistry]
    /// All repositories of one registry, those without images too.
    func repositories(in registry: Registry) async throws -> [JudgedRepository]
    /// Every image of one registry, judged or not, in the order of `<repository>@<digest>`.
    func images(in registry: Registry) -> Images
    /// Names everything that the two before would give: equal where nothing of it differs.
    func fingerprint(of registry: Registry) async throws -> String
    /// What is known of these vulnerabilities; unknown ones are absent from the answer.
    func vulnerabilities(_ ids: [String]) async throws -> [Vulnerability]
    /// The sweeps that the report may tell of, newest first.
    func sweeps() async throws -> [SweepState]
}
