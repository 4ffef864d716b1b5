import Pricing
import Primitives
public import SimulationCore

/// Reads a market of hosts from comma-separated text, one host per line under a header. Columns, in any order:
///
/// | column | meaning | where blank or absent |
/// |---|---|---|
/// | `name` | of the host, once in the file | needed |
/// | `price_per_hour` | whole machine, on demand, in dollars | needed |
/// | `min_bid` | lowest bid it takes, dollars per hour | takes no bids |
/// | `speed` | relative to the catalogue's device, 0.01 to 100 | 1 |
/// | `down_bytes` | downlink in bytes per second | 125000000 |
/// | `mbps` | downlink in megabits (10⁶) per second, instead | |
/// | `storage` | dollars per GB and month of 730 hours | free |
/// | `ingress`, `egress` | dollars per GB received, sent | free |
/// | `joins`, `leaves` | times from the run's start | 0 and never |
/// | `max_duration` | longest rental | none |
///
/// Times are seconds, or carry a unit: `90`, `6 h`, `2 d`.
public enum HostListingFile {
    private static let columns = [
        "name", "price_per_hour", "min_bid", "speed", "down_bytes", "mbps", "storage", "ingress", "egress", "joins",
        "leaves", "max_duration",
    ]

    /// The hosts in the file at `path`, in its order, at least one.
    /// - Throws: ``ScenarioError``, with line and column, where the file is missing, malformed or larger than 4 MiB.
    public static func read(_ path: String) throws -> [HostListing] {
        try hosts(of: ScenarioFile.read(path), file: path)
    }

    /// The hosts in `text`.
    /// - Parameter file: what errors call it.
    /// - Throws: as ``read(_:)``.
    public static func hosts(of text: String, file: String) throws -> [HostListing] {
        let table = try SettingTable(SettingSource(name: file, text: text), columns: columns, row: "host")
        guard !table.rows.isEmpty else { throw ScenarioError(.missingKey, "there is no host in the file", file: file) }
        var lines: [String: Int] = [:]
        return try table.rows.map { row in
            let map = try SettingMap(row, keys: columns)
            let name = try map.required("name")
            let listing = try host(map)
            guard lines.updateValue(row.position.line, forKey: listing.name) == nil else {
                throw name.error(.conflict, "the name `\(listing.name)` is there twice")
            }
            return listing
        }
    }

    private static func host(_ map: SettingMap) throws -> HostListing {
        var host = HostListing(
            name: try map.required("name").string(), perHour: try map.required("price_per_hour").dollars())
        host.minimumBid = try map["min_bid"]?.dollars()
        if let speed = map["speed"] { host.speed = try speed.number(in: 0.01...100) }
        if let bytes = map["down_bytes"] { host.bytesPerSecond = try bytes.positiveNumber() }
        if let bits = map["mbps"] {
            guard map["down_bytes"] == nil else {
                throw bits.error(.conflict, "`mbps` and `down_bytes` say the same: give one of them")
            }
            host.bytesPerSecond = try bits.positiveNumber() * 125_000
        }
        host.storagePerGBMonth = try map["storage"]?.dollars()
        host.ingressPerGB = try map["ingress"]?.dollars()
        host.egressPerGB = try map["egress"]?.dollars()
        if let joins = map["joins"] { host.joins = .start + (try joins.seconds()) }
        if let leaves = map["leaves"] {
            host.leaves = .start + (try leaves.seconds())
            guard host.leaves > host.joins else {
                throw leaves.error(.conflict, "the host would leave at \(leaves.shown), not after it has joined")
            }
        }
        if let longest = map["max_duration"] {
            host.maximumDuration = try longest.seconds()
            guard host.maximumDuration != .zero else {
                throw longest.error(.outOfRange, "`max_duration` must be longer than 0, not \(longest.shown)")
            }
        }
        return host
    }
}

extension SettingNode {
    /// An amount ≥ 0 in dollars, a plain number, at most a million; rounded to the nearest nano-dollar.
    fileprivate func dollars() throws -> Money {
        guard case .scalar(let text, _) = content, let amount = Money(decimal: text) else {
            throw error(.wrongType, "\(label) must be dollars such as `0.45`, not \(shown)")
        }
        guard amount >= .zero, amount <= Money(nanodollars: 1_000_000_000_000_000) else {
            throw error(.outOfRange, "\(label) must be from 0 to 1000000 dollars, not \(shown)")
        }
        return amount
    }

    /// A duration ≥ 0 with a unit, or a plain number of seconds; exact in nanoseconds.
    fileprivate func seconds() throws -> SimulatedDuration {
        guard case .scalar(let text, _) = content, let number = DecimalNumber(text) else { return try duration() }
        guard let value = number.integer(times: 1_000_000_000), let nanoseconds = Int64(exactly: value), value >= 0
        else {
            throw error(
                .outOfRange, "\(label) must be from 0 to 292 years and a whole number of nanoseconds, not \(shown)")
        }
        return SimulatedDuration(nanoseconds: nanoseconds)
    }
}
