/// What the control pages set and count.
struct Controls: Sendable {
    var journal = Journal()
    var rules: [FaultRule] = []
    var hubot = HubotRoom()
    var limiter: Limiter
    private var generator: SeededGenerator

    init(_ configuration: SimulatorConfiguration) {
        limiter = Limiter(rate: configuration.quota)
        generator = SeededGenerator(seed: configuration.seed, "faults")
    }

    /// The faults that hit this call; each hit uses one of a rule's times.
    mutating func faults(for call: Call) -> [FaultRule.Kind] {
        var hits: [FaultRule.Kind] = []
        for position in rules.indices where rules[position].matches(call) && rules[position].left != 0 {
            guard generator.chance(rules[position].share) else { continue }
            guard rules[position].skips == 0 else {
                rules[position].skips -= 1
                continue
            }
            rules[position].left = rules[position].left.map { $0 - 1 }
            hits.append(rules[position].kind)
        }
        return hits
    }
}
