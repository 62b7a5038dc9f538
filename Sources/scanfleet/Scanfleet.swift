internal import ScanfleetCLI

@main
enum Scanfleet {
    static func main() async { await CommandLineProgram.run() }
}
