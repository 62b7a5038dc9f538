/// Which attributes an answer shows; all where no ProjectionExpression is given.
struct Projection {
    private var paths: [AttributePath]?

    init(_ input: JSONValue, _ placeholders: Placeholders) throws {
        guard let text = input["ProjectionExpression"]?.text else { return }
        var parser = try ExpressionParser(text, kind: "ProjectionExpression", placeholders: placeholders)
        var paths: [AttributePath] = []
        repeat { paths.append(try parser.path()) } while parser.take(",")
        guard parser.isAtEnd else { throw parser.failure }
        self.paths = paths
    }

    func apply(to item: Item) -> Item {
        guard let paths else { return item }
        var shown: AttributeValue = .map([:])
        for path in paths {
            guard let value = item.value(at: path) else { continue }
            Self.insert(value, at: path.steps[...], into: &shown)
        }
        guard case .map(let members) = shown else { return [:] }
        return members
    }

    /// Elements of a list close ranks, as they do in DynamoDB's answers.
    private static func insert(
        _ value: AttributeValue,
        at steps: ArraySlice<AttributePath.Step>,
        into target: inout AttributeValue
    ) {
        guard let step = steps.first else {
            target = value
            return
        }
        switch step {
        case .member(let name):
            var members: Item = [:]
            if case .map(let present) = target { members = present }
            var inner = members[name] ?? .null
            insert(value, at: steps.dropFirst(), into: &inner)
            members[name] = inner
            target = .map(members)
        case .element:
            var elements: [AttributeValue] = []
            if case .list(let present) = target { elements = present }
            var inner = AttributeValue.null
            insert(value, at: steps.dropFirst(), into: &inner)
            target = .list(elements + [inner])
        }
    }
}
