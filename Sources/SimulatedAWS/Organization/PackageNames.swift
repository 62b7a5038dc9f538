/// Invented packages: 24 × 5 names.
enum PackageNames {
    static let all: [String] = stems.flatMap { stem in endings.map { "\(stem)\($0)" } }

    private static let stems = [
        "libquartz", "libember", "libtallow", "libsorrel", "libfennel", "libgneiss", "libmarl", "libostrich",
        "libpumice",
        "libthistle", "libumber", "libvellum", "libwicker", "libyarrow", "libzephyr", "brindle", "cobble", "drumlin",
        "esker", "fathom", "gimbal", "halyard", "isthmus", "jetsam",
    ]
    private static let endings = ["", "-utils", "-ssl", "-common", "2"]
}
