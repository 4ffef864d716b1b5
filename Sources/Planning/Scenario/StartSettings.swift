package import Primitives

/// `start`: what a replica goes through before it serves; `nil` = from the next wider scope, and at last the default.
///
/// Images and weights take a time, or bytes over the slowest bandwidth on their way.
package struct StartSettings: Sendable {
    /// Where a new machine finds the weights.
    package enum WeightSource: String, Sendable, CaseIterable {
        /// On a disk of its own (in the image, on a snapshot, on a shared volume).
        case disk
        /// They are fetched from the registry first, then read.
        case registry
    }

    package var position: SettingPosition
    package var provision: SimulatedDuration?
    package var imagePull: SimulatedDuration?
    package var weightLoad: SimulatedDuration?
    package var compile: SimulatedDuration?
    package var warmUp: SimulatedDuration?
    package var image: ByteCount?
    /// Bytes per second of the next three.
    package var registry: Double?
    package var disk: Double?
    package var bus: Double?
    package var weights: WeightSource?

    package init(_ node: SettingNode) throws {
        let map = try SettingMap(
            node,
            keys: [
                "provision", "image-pull", "weight-load", "compile", "warm-up", "image", "registry", "disk", "bus",
                "weights",
            ])
        position = node.position
        provision = try map["provision"]?.duration(upTo: .hours(24))
        imagePull = try map["image-pull"]?.duration(upTo: .hours(24))
        weightLoad = try map["weight-load"]?.duration(upTo: .hours(24))
        compile = try map["compile"]?.duration(upTo: .hours(24))
        warmUp = try map["warm-up"]?.duration(upTo: .hours(24))
        if imagePull == nil { image = try map["image"]?.byteCount() }
        if weightLoad == nil {
            bus = try map["bus"]?.bandwidth()
            weights = try map["weights"]?.choice()
        }
        if imagePull == nil || weights == .registry { registry = try map["registry"]?.bandwidth() }
        if imagePull == nil || weightLoad == nil { disk = try map["disk"]?.bandwidth() }
        try map.finish(because: "where the time of its stage is given")
    }

    /// Whether the image's time is to be made of bytes and bandwidths.
    var describesImage: Bool { image != nil || registry != nil && weights != .registry || disk != nil }
    /// Whether the weights' time is.
    var describesWeights: Bool { bus != nil || weights != nil || disk != nil }

    /// These settings, and `wider` where they are silent. What is said of a stage here replaces all that is said of it
    /// there.
    package func over(_ wider: StartSettings?) -> StartSettings {
        guard let wider else { return self }
        var merged = self
        merged.provision = provision ?? wider.provision
        merged.compile = compile ?? wider.compile
        merged.warmUp = warmUp ?? wider.warmUp
        merged.imagePull = imagePull ?? (describesImage ? nil : wider.imagePull)
        merged.weightLoad = weightLoad ?? (describesWeights ? nil : wider.weightLoad)
        merged.image = imagePull == nil ? image ?? wider.image : nil
        merged.bus = weightLoad == nil ? bus ?? wider.bus : nil
        merged.weights = weightLoad == nil ? weights ?? wider.weights : nil
        merged.registry = registry ?? wider.registry
        merged.disk = disk ?? wider.disk
        return merged
    }
}
