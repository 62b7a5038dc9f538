// Tests of FindingStore.
