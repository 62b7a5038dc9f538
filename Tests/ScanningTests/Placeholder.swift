// Tests of Scanning.
