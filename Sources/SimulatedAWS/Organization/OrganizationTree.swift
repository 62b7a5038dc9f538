/// The organization's units, and which accounts are in them.
enum OrganizationTree {
    private static let rootID = "r-sim0"

    struct Unit {
        var id: String
        var name: String
        var parent: String
        var path: String
    }

    static let units = [
        Unit(id: "ou-sim0-prod", name: "Prod", parent: rootID, path: "/Prod"),
        Unit(id: "ou-sim0-test", name: "Test", parent: rootID, path: "/Test"),
        Unit(id: "ou-sim0-payments", name: "Payments", parent: "ou-sim0-prod", path: "/Prod/Payments"),
    ]

    /// The path of the unit that the account of that number is in.
    static func path(ofAccount number: Int) -> String {
        number == 0 ? "/" : units[number % units.count].path
    }

    static func answer(_ call: Call, _ organization: Organization) throws -> JSONValue {
        guard call.caller.account == SimulatorConfiguration.managementAccount else {
            throw ServiceFault("AccessDeniedException", "You don't have permissions to access this resource.")
        }
        let parent = call.input["ParentId"]?.text ?? ""
        switch call.operation {
        case "ListRoots": return ["Roots": [["Id": .string(rootID), "Name": "Root"]]]
        case "ListOrganizationalUnitsForParent":
            try check(parent)
            let children = units.filter { $0.parent == parent }.map { unit -> JSONValue in
                ["Id": .string(unit.id), "Name": .string(unit.name)]
            }
            return try page(call, "OrganizationalUnits", children, size: 1)
        case "ListAccountsForParent":
            let path = try check(parent)
            let accounts = organization.accounts.filter { $0.unit == path }.map { account -> JSONValue in
                ["Id": .string(account.id), "Name": .string(account.name), "State": .string(account.state)]
            }
            return try page(call, "Accounts", accounts, size: 2)
        default:
            guard let account = organization.account(call.input["ResourceId"]?.text ?? "") else {
                throw ServiceFault("TargetNotFoundException", "You specified a target that doesn't exist.")
            }
            let tags = account.tags.sorted { $0.key < $1.key }.map { tag -> JSONValue in
                ["Key": .string(tag.key), "Value": .string(tag.value)]
            }
            return try page(call, "Tags", tags, size: 1)
        }
    }

    /// The path of a root or unit.
    @discardableResult
    private static func check(_ parent: String) throws -> String {
        if parent == rootID { return "/" }
        guard let unit = units.first(where: { $0.id == parent }) else {
            throw ServiceFault(
                "ParentNotFoundException",
                "We can't find a root or OU with the ParentId that you specified."
            )
        }
        return unit.path
    }

    private static func page(_ call: Call, _ name: String, _ all: [JSONValue], size: Int) throws -> JSONValue {
        let start =
            try call.input["NextToken"]?.text.map { token in
                guard let position = PageToken.read(token).flatMap({ Int($0) }), position < all.count else {
                    throw ServiceFault("InvalidInputException", "The provided NextToken is invalid.")
                }
                return position
            } ?? 0
        let end = min(start + size, all.count)
        return .compact([
            name: .array(Array(all[start..<end])),
            "NextToken": end < all.count ? .string(PageToken.make("\(end)")) : nil,
        ])
    }
}
