// Tests of Fleet.
