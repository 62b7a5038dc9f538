/// Text that prints as `<secret>` in logs, errors and dumps.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself, for the one place that needs it.
    package let value: String

    /// Wraps a secret.
    package init(_ value: String) { self.value = value }

    package var description: String { "<secret>" }
    /// The same placeholder, for debuggers and interpolated collections.
    package var debugDescription: String { "<secret>" }
    /// Empty, so that `dump` does not find the text.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
