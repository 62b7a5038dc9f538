internal import Foundation

extension Item {
    /// What the path leads to; nil where it leads nowhere.
    func value(at path: AttributePath) -> AttributeValue? {
        var value: AttributeValue = .map(self)
        for step in path.steps {
            switch (step, value) {
            case (.member(let name), .map(let members)):
                guard let member = members[name] else { return nil }
                value = member
            case (.element(let index), .list(let elements)) where elements.indices.contains(index):
                value = elements[index]
            default: return nil
            }
        }
        return value
    }
}

extension Operand {
    func value(in item: Item) -> AttributeValue? {
        switch self {
        case .value(let value): value
        case .path(let path): item.value(at: path)
        case .size(let path): item.value(at: path)?.length.map { .number(.init($0)) }
        }
    }
}

extension AttributeValue {
    /// What `size()` answers: characters, bytes or elements.
    fileprivate var length: Int? {
        switch self {
        case .string(let text): text.utf8.count
        case .binary(let bytes): bytes.count
        case .list(let elements): elements.count
        case .map(let members): members.count
        case .strings(let texts): texts.count
        case .numbers(let numbers): numbers.count
        case .binaries(let all): all.count
        case .number, .bool, .null: nil
        }
    }

    fileprivate func hasPrefix(_ prefix: AttributeValue) -> Bool {
        switch (self, prefix) {
        case (.string(let text), .string(let start)): text.utf8.starts(with: start.utf8)
        case (.binary(let bytes), .binary(let start)): bytes.starts(with: start)
        default: false
        }
    }

    fileprivate func contains(_ part: AttributeValue) -> Bool {
        switch (self, part) {
        case (.string(let text), .string(let piece)): text.contains(piece)
        case (.strings(let texts), .string(let text)): texts.contains(text)
        case (.numbers(let numbers), .number(let number)): numbers.contains(number)
        case (.list(let elements), _): elements.contains(part)
        default: false
        }
    }
}

extension Condition {
    /// Whether the condition holds; an attribute that is absent meets no comparison but `<>`.
    func holds(for item: Item) -> Bool {
        switch self {
        case .and(let left, let right): left.holds(for: item) && right.holds(for: item)
        case .or(let left, let right): left.holds(for: item) || right.holds(for: item)
        case .not(let condition): !condition.holds(for: item)
        case .exists(let path): item.value(at: path) != nil
        case .hasType(let path, let type): item.value(at: path).map { .string($0.type) } == type.value(in: item)
        case .compare(let left, let comparison, let right):
            Self.compare(left.value(in: item), comparison, right.value(in: item))
        case .between(let value, let low, let high):
            Self.compare(value.value(in: item), .greaterOrEqual, low.value(in: item))
                && Self.compare(value.value(in: item), .lessOrEqual, high.value(in: item))
        case .isOneOf(let value, let list):
            list.contains { Self.compare(value.value(in: item), .equal, $0.value(in: item)) }
        case .beginsWith(let value, let prefix): Self.both(value, prefix, item) { $0.hasPrefix($1) }
        case .contains(let value, let part): Self.both(value, part, item) { $0.contains($1) }
        }
    }

    private static func both(
        _ left: Operand,
        _ right: Operand,
        _ item: Item,
        _ test: (AttributeValue, AttributeValue) -> Bool
    ) -> Bool {
        guard let left = left.value(in: item), let right = right.value(in: item) else { return false }
        return test(left, right)
    }

    private static func compare(_ left: AttributeValue?, _ comparison: Comparison, _ right: AttributeValue?) -> Bool {
        guard let left, let right else { return comparison == .unequal }
        switch comparison {
        case .equal: return left == right
        case .unequal: return left != right
        case .less: return left.precedes(right) ?? false
        case .greater: return right.precedes(left) ?? false
        case .lessOrEqual: return right.precedes(left).map { !$0 } ?? false
        case .greaterOrEqual: return left.precedes(right).map { !$0 } ?? false
        }
    }
}
