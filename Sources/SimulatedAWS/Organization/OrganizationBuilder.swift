/// Builds the organization that a configuration describes.
struct OrganizationBuilder {
    let configuration: SimulatorConfiguration
    /// Seconds since 1970.
    let now: Double
    let catalogue: Catalogue

    init(_ configuration: SimulatorConfiguration, now: Double) {
        self.configuration = configuration
        self.now = now
        catalogue = Catalogue(seed: configuration.seed, count: 1600)
    }

    func build() -> Organization {
        Organization(accounts: (0..<configuration.accounts).map(account), catalogue: catalogue)
    }

    /// What one account is there to show; a small organization has only the first of them.
    private enum Part: Int {
        case management
        case enhanced
        case refusing
        case suspended
        case manyRepositories
        case odd
        case big
    }

    private func isPart(_ part: Part, _ number: Int) -> Bool { number == part.rawValue }

    private func account(_ number: Int) -> SimulatedAccount {
        let id = number == 0 ? SimulatorConfiguration.managementAccount : "2\(String(number * 10_101 + 10_000_000_000))"
        var account = SimulatedAccount(
            id: id,
            name: number == 0 ? "management" : "simulated-\(number)",
            state: isPart(.suspended, number) ? "SUSPENDED" : "ACTIVE",
            answersStatusOnly: number == configuration.accounts - 1 && number > Part.suspended.rawValue,
            refusesRole: isPart(.refusing, number),
            unit: OrganizationTree.path(ofAccount: number),
            tags: ["team": ["platform", "payments", "search"][number % 3], "number": "\(number)"],
            regions: regions(number)
        )
        guard account.obstacle == nil else { return account }
        for region in SimulatorConfiguration.regions where account.isOn(region) {
            account.registries[region] = registry(account: id, number: number, region: region)
        }
        return account
    }

    private func regions(_ number: Int) -> [(name: String, status: String)] {
        let isOptInOff = number >= 5 && number % 3 == 2
        return SimulatorConfiguration.regions.map { region in
            guard region == "ap-east-1" else { return (region, "ENABLED_BY_DEFAULT") }
            return (region, isOptInOff ? "DISABLED" : "ENABLED")
        } + [("me-south-1", "DISABLED")]
    }

    private func registry(account: String, number: Int, region: String) -> SimulatedRegistry {
        let isEnhanced = isPart(.enhanced, number)
        var factory = RepositoryFactory(
            images: ImageFactory(
                catalogue: catalogue,
                now: now,
                isEnhanced: isEnhanced,
                generator: SeededGenerator(seed: configuration.seed, "\(number)/\(region)")
            ),
            averageImages: configuration.images
        )
        var repositories = factory.ordinary(count: configuration.repositories)
        if region == SimulatorConfiguration.regions[0] {
            repositories += special(number, &factory)
        }
        return SimulatedRegistry(account: account, region: region, isEnhanced: isEnhanced, repositories: repositories)
    }

    private func special(_ number: Int, _ factory: inout RepositoryFactory) -> [SimulatedRepository] {
        let last = configuration.accounts - 1
        func isHome(of part: Part) -> Bool { number == (part.rawValue <= last ? part.rawValue : 0) }
        var repositories: [SimulatedRepository] = []
        if isPart(.enhanced, number) {
            repositories += [factory.odd(ImageScenario.enhanced), factory.unwatched()]
        }
        if isHome(of: .manyRepositories) {
            let missing = configuration.manyRepositories - configuration.repositories
            repositories += factory.mostlyEmpty(count: max(0, missing))
        }
        if isHome(of: .odd) {
            repositories += [factory.odd(ImageScenario.basic), factory.multiArchitecture(), factory.signed()]
            repositories += factory.vanishing(count: configuration.vanishingRepositories)
        }
        if isHome(of: .big) { repositories.append(factory.big(findings: configuration.bigFindings)) }
        return repositories
    }
}
