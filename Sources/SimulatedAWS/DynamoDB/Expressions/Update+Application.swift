internal import Foundation

extension Update {
    /// The item as the update leaves it; all values are read from the item as it was.
    func applied(to old: Item) throws -> Item {
        var item = old
        for assignment in assignments { try item.assign(try assignment.value.value(in: old), at: assignment.path) }
        // From the back, so that an index still means the element that it meant at first.
        for path in remove.sorted(by: { Self.index($0) > Self.index($1) }) { try item.assign(nil, at: path) }
        for change in add { try item.assign(try Self.sum(old.value(at: change.path), change.value), at: change.path) }
        for change in delete where old.value(at: change.path) != nil {
            try item.assign(try Self.without(old.value(at: change.path), change.value), at: change.path)
        }
        return item
    }

    private static func index(_ path: AttributePath) -> Int {
        guard case .element(let index) = path.steps.last else { return -1 }
        return index
    }

    private static func sum(_ old: AttributeValue?, _ added: AttributeValue) throws -> AttributeValue {
        switch (old, added) {
        case (nil, .number), (nil, .strings), (nil, .numbers), (nil, .binaries): return added
        case (.number(let left), .number(let right)): return .number(left + right)
        case (.strings(let left), .strings(let right)): return .strings(left.union(right))
        case (.numbers(let left), .numbers(let right)): return .numbers(left.union(right))
        case (.binaries(let left), .binaries(let right)): return .binaries(left.union(right))
        default: throw wrongType
        }
    }

    /// The set without the elements; nil where none is left.
    private static func without(_ old: AttributeValue?, _ removed: AttributeValue) throws -> AttributeValue? {
        switch (old, removed) {
        case (.strings(let left), .strings(let right)):
            return left.isSubset(of: right) ? nil : .strings(left.subtracting(right))
        case (.numbers(let left), .numbers(let right)):
            return left.isSubset(of: right) ? nil : .numbers(left.subtracting(right))
        case (.binaries(let left), .binaries(let right)):
            return left.isSubset(of: right) ? nil : .binaries(left.subtracting(right))
        default: throw wrongType
        }
    }

    fileprivate static var wrongType: ServiceFault {
        .validation("An operand in the update expression has an incorrect data type")
    }
}

extension Assigned {
    fileprivate func value(in item: Item) throws -> AttributeValue {
        switch self {
        case .operand(let operand):
            guard let value = operand.value(in: item) else {
                throw ServiceFault.validation(
                    "The provided expression refers to an attribute that does not exist in the item"
                )
            }
            return value
        case .ifNotExists(let path, let fallback): return try item.value(at: path) ?? fallback.value(in: item)
        case .append(let first, let second):
            guard case (.list(let left), .list(let right)) = (try first.value(in: item), try second.value(in: item))
            else {
                throw Update.wrongType
            }
            return .list(left + right)
        case .sum(let left, let right): return try Self.combine(left, right, item) { .number($0 + $1) }
        case .difference(let left, let right): return try Self.combine(left, right, item) { .number($0 - $1) }
        }
    }

    private static func combine(
        _ left: Assigned,
        _ right: Assigned,
        _ item: Item,
        _ operation: (Decimal, Decimal) -> AttributeValue
    ) throws -> AttributeValue {
        guard case (.number(let left), .number(let right)) = (try left.value(in: item), try right.value(in: item))
        else {
            throw Update.wrongType
        }
        return operation(left, right)
    }
}

extension Item {
    /// Puts `value` where the path leads, or takes away what is there; the way must exist up to its last step.
    fileprivate mutating func assign(_ value: AttributeValue?, at path: AttributePath) throws {
        var whole = AttributeValue.map(self)
        try whole.assign(value, at: path.steps[...])
        if case .map(let members) = whole { self = members }
    }
}

extension AttributeValue {
    fileprivate mutating func assign(_ value: AttributeValue?, at steps: ArraySlice<AttributePath.Step>) throws {
        let invalid = ServiceFault.validation(
            "The document path provided in the update expression is invalid for update"
        )
        guard let step = steps.first else { throw invalid }
        switch (step, self) {
        case (.member(let name), .map(var members)):
            if steps.count == 1 {
                members[name] = value
            } else {
                guard var inner = members[name] else { throw invalid }
                try inner.assign(value, at: steps.dropFirst())
                members[name] = inner
            }
            self = .map(members)
        case (.element(let index), .list(var elements)):
            if steps.count > 1 {
                guard elements.indices.contains(index) else { throw invalid }
                try elements[index].assign(value, at: steps.dropFirst())
            } else if let value {
                if index < elements.count { elements[index] = value } else { elements.append(value) }
            } else if index < elements.count {
                elements.remove(at: index)
            }
            self = .list(elements)
        default: throw invalid
        }
    }
}
