// Tests of AWSServices.
