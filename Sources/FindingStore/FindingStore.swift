// FindingStore
