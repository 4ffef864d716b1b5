import ArgumentParser
import PerformanceModel

/// Devices that step costs are known for.
struct Devices: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Accelerators and processors.", subcommands: [List.self, Show.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All devices with their main figures.")
        func run() throws { print(Device.listing(), terminator: "") }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One device: every figure with source, date and confidence; or a calibrated profile.")

        @Argument(help: "A device of the list, or a profile file (.json).")
        var device: String

        func run() throws {
            if device.hasSuffix(".json") {
                try InputError.check(file: device)
                print(try DeviceProfile.load(device).summary)
            } else {
                print(try Device.named(device).details, terminator: "")
            }
        }
    }
}

/// Models that can be served.
struct Models: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Language models.", subcommands: [List.self, Show.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All models of the catalogue.")
        func run() throws { print(ModelCatalogue.listing(), terminator: "") }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One model: shape, parameters, bytes; of the catalogue or a Hugging Face config.json.")

        @Argument(help: "A model of the list, or a path to a config.json.")
        var model: String

        func run() throws {
            if model.hasSuffix(".json") {
                try InputError.check(file: model)
                let facts = try HuggingFaceConfig.load(model).architecture.facts
                let width = facts.map(\.label.count).max() ?? 0
                for fact in facts {
                    print(fact.label + String(repeating: " ", count: width - fact.label.count + 2) + fact.value)
                }
            } else {
                print(try ModelCatalogue.entry(named: model).details, terminator: "")
            }
        }
    }
}
