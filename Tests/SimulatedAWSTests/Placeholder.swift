// Tests of SimulatedAWS.
