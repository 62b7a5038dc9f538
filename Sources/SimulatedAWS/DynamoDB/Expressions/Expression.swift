/// The way to an attribute or into one.
struct AttributePath: Hashable {
    enum Step: Hashable {
        case member(String)
        case element(Int)
    }

    var steps: [Step]

    /// The top-level attribute that the path begins with.
    var root: String {
        guard case .member(let name) = steps.first else { return "" }
        return name
    }
}

/// What stands on either side of a comparison.
indirect enum Operand: Hashable {
    case path(AttributePath)
    case value(AttributeValue)
    case size(AttributePath)
}

/// A condition, a filter or a key condition.
indirect enum Condition: Hashable {
    enum Comparison: String {
        case equal = "="
        case unequal = "<>"
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    case and(Condition, Condition)
    case or(Condition, Condition)
    case not(Condition)
    case compare(Operand, Comparison, Operand)
    case between(Operand, Operand, Operand)
    case isOneOf(Operand, [Operand])
    case exists(AttributePath)
    case hasType(AttributePath, Operand)
    case beginsWith(Operand, Operand)
    case contains(Operand, Operand)
}
