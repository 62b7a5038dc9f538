/// What an ECR call asks for, checked as ECR checks it.
struct ECRInput {
    let call: Call

    /// The account whose registry is meant: the caller's own, since no other one grants access.
    func checkRegistry() throws {
        guard let registry = call.input["registryId"]?.text, registry != call.caller.account else { return }
        throw ServiceFault(
            "AccessDeniedException",
            "User: \(call.caller.arn) is not authorized to perform: ecr:\(call.operation) on resource: "
                + "arn:aws:ecr:\(call.region):\(registry):repository/* because no resource-based policy allows the action"
        )
    }

    func repositoryName() throws -> String {
        guard let name = call.input["repositoryName"]?.text, name.utf8.count >= 2 else {
            throw invalid("repositoryName")
        }
        return name
    }

    /// From 1 to 1,000; 100 where nothing is asked for.
    func maxResults() throws -> Int {
        guard let asked = call.input["maxResults"] else { return 100 }
        guard let count = asked.whole, (1...1000).contains(count) else { throw invalid("maxResults") }
        return count
    }

    /// What our page token holds; nil on the first page.
    func page() throws -> String? {
        guard let token = call.input["nextToken"]?.text else { return nil }
        guard let content = PageToken.read(token) else { throw invalid("nextToken") }
        return content
    }

    func invalid(_ name: String) -> ServiceFault {
        ServiceFault(
            "InvalidParameterException",
            "Invalid parameter at '\(name)' failed to satisfy constraint: 'Member must satisfy the model of \(call.operation)'"
        )
    }
}

/// How a caller names an image.
struct ImageReference: Hashable {
    var digest: String?
    var tag: String?

    init(_ value: JSONValue?) {
        digest = value?["imageDigest"]?.text
        tag = value?["imageTag"]?.text
    }

    /// The image's place; nil where digest and tag do not lead to one image.
    func position(in repository: SimulatedRepository) -> Int? {
        guard let digest else { return tag.flatMap(repository.position(tag:)) }
        guard let position = repository.position(digest: digest) else { return nil }
        return tag == nil || repository.images[position].tags.contains(tag ?? "") ? position : nil
    }

    /// As ECR's messages spell it.
    var text: String { "{imageDigest:'\(digest ?? "null")', imageTag:'\(tag ?? "null")'}" }

    func json(digest resolved: String) -> JSONValue {
        .compact(["imageDigest": .string(resolved), "imageTag": tag.map(JSONValue.string)])
    }
}
