internal import ArgumentParser
internal import ScanfleetCommands

@main
enum Scanfleet {
    static func main() async { await FleetCommand.main() }
}
