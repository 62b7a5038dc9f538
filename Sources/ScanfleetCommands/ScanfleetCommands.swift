// ScanfleetCommands
