package import FindingStore

extension FindingStore: NewsStore {}

extension ChangeStream: ChangeSource {}
