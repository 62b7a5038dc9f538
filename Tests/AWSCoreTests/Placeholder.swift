// Tests of AWSCore.
