internal import ScanfleetCLI

@main
enum Scanfleet {
    static func main() async { await FleetCommand.runProcess() }
}
