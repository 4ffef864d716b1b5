// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that nobody who builds isocost fetches a benchmark harness.
let package = Package(
    name: "isocost-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        // Named, because the identity of a local package is otherwise the name of the folder it was cloned into.
        .package(name: "isocost", path: ".."),
        // No traits: the default ones interpose malloc and the runtime's reference counting.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.29.0", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "Rooms",
            dependencies: [
                .product(name: "Isocost", package: "isocost"),
                .product(name: "Benchmark", package: "benchmark"),
            ],
            // The harness looks for its targets in folders named Benchmarks.
            path: "Benchmarks/Rooms",
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
            ],
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
    ]
)
