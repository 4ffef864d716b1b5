/// Where in a room something may be imported.
enum Place: Sendable {
    case anywhere
    case folder(String)
    case files([String])

    func contains(_ pathInRoom: String) -> Bool {
        switch self {
        case .anywhere: true
        case .folder(let folder): pathInRoom.hasPrefix(folder + "/")
        case .files(let files): files.contains(pathInRoom)
        }
    }
}

/// What one room may import.
struct Room: Sendable {
    let name: String
    /// The rooms below it.
    let rooms: Set<String>
    /// Other modules, and where.
    let modules: [String: Place]
}

/// The import table of the house: the picture and the table of the design, as a value.
enum ImportTable {
    private static let facts: Set = ["PerformanceModel", "Workloads", "Pricing", "Primitives"]
    private static let planning = facts.union(["SimulationCore", "Planning"])
    private static let everything = planning.union(["Kernels", "Store", "Reports", "WebUI"])

    static let rooms = [
        Room(name: "Primitives", rooms: [], modules: cLibrary(in: .files(["Mathematics.swift"]))),
        Room(
            name: "PerformanceModel", rooms: ["Primitives"],
            // JSON is read and written in these files alone.
            modules: [
                "Foundation": .files([
                    "Architectures/HuggingFaceConfig.swift", "Architectures/JSONValue.swift",
                    "Calibration/DeviceProfile+JSON.swift",
                ])
            ]),
        Room(
            name: "Workloads", rooms: ["Primitives"],
            modules: cLibrary(in: .folder("Traces")).merging([
                "Foundation": .folder("Traces"), "CZlib": .files(["Traces/ByteInput.swift"]),
            ]) { $1 }),
        Room(
            name: "Pricing", rooms: ["Primitives"],
            modules: ["Foundation": .files(["Import/CatalogueImport+File.swift"])]),
        Room(
            name: "Kernels", rooms: ["PerformanceModel", "Primitives"],
            modules: cLibrary(in: .anywhere).merging([
                "COpenBLAS": .anywhere, "CKernels": .anywhere, "Dispatch": .anywhere, "Synchronization": .anywhere,
            ]) { $1 }),
        Room(name: "SimulationCore", rooms: facts, modules: [:]),
        Room(
            name: "Planning", rooms: facts.union(["SimulationCore"]),
            modules: [
                "Yams": .files(["Scenario/ScenarioFile.swift"]),
                "Foundation": .files([
                    "Scenario/ScenarioFile.swift", "Scenario/FileLocation.swift", "Validation/ValidationData.swift",
                    "Place/Metro.swift",
                ]),
                "Dispatch": .folder("Runs"), "Synchronization": .anywhere,
            ]),
        Room(
            name: "Store", rooms: planning,
            modules: ["GRDB": .anywhere, "Foundation": .anywhere, "Synchronization": .anywhere]),
        Room(name: "Reports", rooms: planning, modules: ["Foundation": .anywhere, "Synchronization": .anywhere]),
        Room(name: "WebUI", rooms: planning.union(["Store", "Reports"]), modules: ["Foundation": .anywhere]),
        Room(
            name: "isocost", rooms: everything,
            modules: cLibrary(in: .anywhere).merging([
                "ArgumentParser": .anywhere, "Foundation": .anywhere, "Dispatch": .anywhere,
                "Synchronization": .anywhere,
            ]) { $1 }),
    ]

    /// Modules of C alone.
    static let systemLibraries: Set = ["CKernels", "COpenBLAS", "CZlib"]

    private static func cLibrary(in place: Place) -> [String: Place] {
        ["Glibc": place, "Musl": place, "Darwin": place]
    }

    /// The imports of `file` that its room may not have.
    static func offences(in file: SourceFile) -> [Offence] {
        guard let room = rooms.first(where: { $0.name == file.room }) else {
            return [Offence(place: file.path, detail: "\(file.room) is not a room of the table")]
        }
        return imports(of: file).compactMap { index, module in
            let isAllowed =
                room.rooms.contains(module) || room.modules[module]?.contains(file.pathInRoom) == true
            return isAllowed ? nil : file.offence(index, "\(room.name) may not import \(module) here")
        }
    }

    /// Line index and module of every import, whatever attributes, access level or kind stand around it.
    static func imports(of file: SourceFile) -> [(line: Int, module: String)] {
        file.code.enumerated().compactMap { index, line in
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let keyword = words.firstIndex(of: "import"), words[..<keyword].allSatisfy(isModifier) else {
                return nil
            }
            let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            guard let path = words[(keyword + 1)...].first(where: { !kinds.contains($0) }) else { return nil }
            return (index, String(path.split(separator: ".")[0]))
        }
    }

    private static func isModifier(_ word: String) -> Bool {
        word.hasPrefix("@") || ["public", "package", "internal", "private", "fileprivate"].contains(word)
    }
}
