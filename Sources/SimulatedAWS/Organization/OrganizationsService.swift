/// AWS Organizations and Account Management, as far as the fleet asks them.
enum OrganizationsService {
    static func answer(_ call: Call, _ organization: Organization) throws -> JSONValue {
        switch call.operation {
        case "ListAccounts": try listAccounts(call, organization)
        case "ListRoots", "ListOrganizationalUnitsForParent", "ListAccountsForParent", "ListTagsForResource":
            try OrganizationTree.answer(call, organization)
        default: throw ServiceFault("UnknownOperationException", "")
        }
    }

    /// At most five accounts a page, so that even a small organization has several; the second page is empty, as happens.
    static func listAccounts(_ call: Call, _ organization: Organization) throws -> JSONValue {
        guard call.caller.account == SimulatorConfiguration.managementAccount else {
            throw ServiceFault("AccessDeniedException", "You don't have permissions to access this resource.")
        }
        let asked = call.input["MaxResults"]?.whole ?? 20
        guard (1...20).contains(asked) else {
            throw ServiceFault(
                "InvalidInputException",
                "You provided a value that does not match the required pattern."
            )
        }
        let page = try call.input["NextToken"]?.text.map { try position($0, in: organization) } ?? 0
        if page < 0 { return ["Accounts": [], "NextToken": .string(PageToken.make("\(-page)"))] }
        let end = min(page + min(asked, 5), organization.accounts.count)
        let token = end < organization.accounts.count ? PageToken.make("\(page == 0 ? -end : end)") : nil
        return .compact([
            "Accounts": .array(organization.accounts[page..<end].map(describe)),
            "NextToken": token.map(JSONValue.string),
        ])
    }

    private static func position(_ token: String, in organization: Organization) throws -> Int {
        guard let position = PageToken.read(token).flatMap({ Int($0) }), position < organization.accounts.count else {
            throw ServiceFault("InvalidInputException", "The provided NextToken is invalid.")
        }
        return position
    }

    /// `State` is the member to read; `Status` is on its way out, so that some accounts have only the one or the other.
    private static func describe(_ account: SimulatedAccount) -> JSONValue {
        let management = SimulatorConfiguration.managementAccount
        return .compact([
            "Id": .string(account.id),
            "Arn": "arn:aws:organizations::\(management):account/o-simulated00/\(account.id)",
            "Email": "\(account.name)@example.org",
            "Name": .string(account.name),
            "State": account.answersStatusOnly ? nil : .string(account.state),
            "Status": account.answersStatusOnly || account.id == management ? .string(account.state) : nil,
            "JoinedMethod": "CREATED",
            "JoinedTimestamp": .number(1_700_000_000.25),
        ])
    }

    static func listRegions(_ call: Call, _ organization: Organization) throws -> JSONValue {
        let management = SimulatorConfiguration.managementAccount
        let named = call.input["AccountId"]?.text
        if named != nil, call.caller.account != management || named == management {
            let message = "User: \(call.caller.arn) is not authorized to perform: account:ListRegions"
            throw ServiceFault("AccessDeniedException", message, status: 403)
        }
        guard let account = organization.account(named ?? call.caller.account) else {
            throw ServiceFault(
                "AccessDeniedException",
                "The account is not a member of your organization.",
                status: 403
            )
        }
        let size = call.input["MaxResults"]?.whole ?? 20
        guard (1...50).contains(size) else { throw ServiceFault.validation("MaxResults must be from 1 to 50.") }
        let wanted = call.input["RegionOptStatusContains"]?.elements?.compactMap(\.text)
        let regions = account.regions.filter { wanted?.contains($0.status) ?? true }
        let start = min(call.input["NextToken"]?.text.flatMap(PageToken.read).flatMap { Int($0) } ?? 0, regions.count)
        let end = min(start + size, regions.count)
        return .compact([
            "Regions": .array(
                regions[start..<end].map {
                    ["RegionName": .string($0.name), "RegionOptStatus": .string($0.status)]
                }
            ),
            "NextToken": end < regions.count ? .string(PageToken.make("\(end)")) : nil,
        ])
    }
}
