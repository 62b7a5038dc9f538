// Tests of ScanfleetCommands.
