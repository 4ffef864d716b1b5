import PerformanceModel

/// The model a scenario serves, and the precision it has unless a scenario says otherwise.
struct ResolvedModel {
    let architecture: ModelArchitecture
    let precision: Precision
    let precisionSource: String

    /// Looks a model up: a text that ends in `.json` is the path of a Hugging Face `config.json` (relative to
    /// `folder`), any other is a name of the catalogue.
    init(_ name: Located<String>, folder: String, log: inout AssumptionLog) throws {
        if name.value.hasSuffix(".json") {
            let path = FileLocation.resolved(name.value, in: folder)
            guard FileLocation.kind(of: path) == .file else {
                throw name.error(.missingFile, "there is no model configuration `\(name.value)`")
            }
            do {
                let config = try HuggingFaceConfig.load(path)
                architecture = config.architecture
                precision = config.precision
            } catch {
                throw name.error(.workload, "the model configuration is unusable: \(error)")
            }
            precisionSource = "the model's configuration file"
            log.add(
                Assumption(
                    subject: "model", value: architecture.name, source: "configuration file \(name.value)",
                    confidence: .given))
        } else {
            do {
                let entry = try ModelCatalogue.entry(named: name.value)
                architecture = entry.architecture
                precision = try Precision(named: Self.precisionName(architecture.nativeFormat))
                log.add(
                    Assumption(
                        subject: "model", value: architecture.name, source: "\(entry.source), weights of \(entry.date)",
                        confidence: .published))
            } catch {
                throw name.error(.unknownName, "\(error); `isocost models list` shows all")
            }
            precisionSource = "the format the weights were published in"
        }
    }

    /// The precision that weights published in `format` are served in: four-bit floats only come as MXFP4.
    private static func precisionName(_ format: NumberFormat) -> String {
        format == .fp4 ? Precision.mxfp4.name : format.rawValue
    }
}
