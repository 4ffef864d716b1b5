// swift-tools-version: 6.1
import PackageDescription

/// The settings every target of the house shares, declared once.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .unsafeFlags(["-warnings-as-errors"]),
    // Optimised even when debugging: the tests replay whole traces and run real kernels.
    .unsafeFlags(["-O"], .when(configuration: .debug)),
]

func room(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(of name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "isocost",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "isocost", targets: ["isocost"]),
        .library(name: "Isocost", targets: ["Planning", "Reports"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
    ],
    targets: [
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        // Optimised even when debugging, as the kernels in Swift are.
        .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3"])]),
        room("Primitives", []),
        room("PerformanceModel", ["Primitives"]),
        room("Workloads", ["Primitives", "CZlib"]),
        room("Pricing", ["Primitives"]),
        room("Kernels", ["PerformanceModel", "Primitives", "COpenBLAS", "CKernels"]),
        room("SimulationCore", ["PerformanceModel", "Workloads", "Pricing", "Primitives"]),
        room(
            "Planning",
            [
                "SimulationCore", "PerformanceModel", "Workloads", "Pricing", "Primitives",
                .product(name: "Yams", package: "Yams"),
            ]),
        room(
            "Store",
            ["Planning", "SimulationCore", "Pricing", "Primitives", .product(name: "GRDB", package: "GRDB.swift")]),
        room("Reports", ["Planning", "SimulationCore", "PerformanceModel", "Workloads", "Pricing", "Primitives"]),
        .executableTarget(
            name: "isocost",
            dependencies: [
                "Planning", "Store", "Reports", "Kernels", "SimulationCore", "PerformanceModel", "Workloads",
                "Pricing", "Primitives", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),
        tests(of: "Primitives", ["Primitives"]),
        tests(of: "PerformanceModel", ["PerformanceModel", "Primitives"]),
        tests(of: "Workloads", ["Workloads", "Primitives", "CZlib"], resources: [.copy("Corpus")]),
        tests(of: "Pricing", ["Pricing", "Primitives"]),
        tests(of: "Kernels", ["Kernels", "PerformanceModel", "Primitives"]),
        tests(of: "SimulationCore", ["SimulationCore", "PerformanceModel", "Workloads", "Pricing", "Primitives"]),
        tests(
            of: "Planning",
            ["Planning", "SimulationCore", "PerformanceModel", "Workloads", "Pricing", "Primitives"],
            resources: [.copy("Corpus")]),
        tests(
            of: "Store",
            [
                "Store", "Planning", "SimulationCore", "Pricing", "Primitives",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        tests(of: "Reports", ["Reports", "Planning", "SimulationCore", "Pricing", "Primitives"]),
        tests(of: "isocost", ["isocost", "Primitives"], resources: [.copy("Help")]),
        tests(of: "Tidy", []),
    ]
)
