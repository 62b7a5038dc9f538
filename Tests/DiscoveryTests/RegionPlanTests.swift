import Discovery
import Domain
import Testing

@Suite struct RegionPlanTests {
    private let states: [RegionName: String] = [
        RegionName(rawValue: "us-east-1"): "ENABLED_BY_DEFAULT", RegionName(rawValue: "ap-east-1"): "DISABLED",
        RegionName(rawValue: "eu-south-1"): "ENABLED", RegionName(rawValue: "me-south-1"): "ENABLING",
    ]

    private func names(_ regions: [RegionName]) -> [String] { regions.map(\.rawValue) }

    @Test func `Automatic means what the account has enabled`() {
        let plan = RegionPlan(.automatic, states: states)
        #expect(names(plan.enabled) == ["eu-south-1", "us-east-1"])
        #expect(plan.off.isEmpty)
    }

    @Test func `A listed region that is off, or unknown to the account, is said to be off`() {
        let listed = ["us-east-1", "ap-east-1", "sa-east-1"].map(RegionName.init(rawValue:))
        let plan = RegionPlan(.listed(listed), states: states)
        #expect(names(plan.enabled) == ["us-east-1"])
        #expect(names(plan.off) == ["ap-east-1", "sa-east-1"])
    }

    @Test func `A list stands where the account may not be asked`() {
        let plan = RegionPlan(.listed([RegionName(rawValue: "ap-east-1")]), states: nil)
        #expect(names(plan.enabled) == ["ap-east-1"])
    }

    @Test func `A region that is not looked at any more says why, and one that is says nothing`() {
        let (on, off) = (RegionName(rawValue: "us-east-1"), RegionName(rawValue: "ap-east-1"))
        let automatic = RegionPlan(.automatic, states: states)
        #expect(automatic.removal(of: off)?.state == .regionOff)
        #expect(automatic.removal(of: on) == nil)
        let listed = RegionPlan(.listed([on]), states: states)
        #expect(listed.removal(of: RegionName(rawValue: "eu-south-1"))?.state == .outOfScope)
        #expect(listed.removal(of: on) == nil)
        #expect(RegionPlan(.listed([off]), states: states).removal(of: off) == nil, "the walk itself records it")
    }
}
