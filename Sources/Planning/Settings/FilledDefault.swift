import Primitives

/// A setting that a scenario left out, and what it was taken to be.
package struct FilledDefault: Sendable, Equatable {
    /// The key, or a path of keys.
    package var key: String
    /// As it would have been written.
    package var value: String
    /// Why that is a sound value.
    package var source: String

    package init(_ key: String, _ value: String, source: String) {
        self.key = key
        self.value = value
        self.source = source
    }
}

extension SettingMap {
    /// What `key` says; where it is silent, `value`, which is noted in `filled`.
    func value<Value>(
        _ key: String, or value: @autoclosure () -> Value, noted filled: inout [FilledDefault], because source: String,
        _ read: (SettingNode) throws -> Value
    ) throws -> Value {
        if let node = self[key] { return try read(node) }
        let value = value()
        filled.append(FilledDefault(key, Self.words(value), source: source))
        return value
    }

    private static func words<Value>(_ value: Value) -> String {
        (value as? any SettingWords)?.settingWords ?? String(describing: value)
    }
}

/// A value that knows how a scenario would write it.
protocol SettingWords {
    var settingWords: String { get }
}

extension SimulatedDuration: SettingWords {
    var settingWords: String { durationText(self) }
}

extension Money: SettingWords {
    var settingWords: String { "\(self) $" }
}

extension Double: SettingWords {
    var settingWords: String {
        self == rounded() && abs(self) < 1e15 ? String(Int64(self)) : String(self)
    }
}

extension Optional: SettingWords {
    var settingWords: String {
        guard let self else { return "none" }
        return (self as? any SettingWords)?.settingWords ?? String(describing: self)
    }
}
