/// A JSON object from members whose values are JSON already, in the order given.
func jsonObject(_ members: [(key: String, value: String)]) -> String {
    "{" + members.map { "\(jsonString($0.key)): \($0.value)" }.joined(separator: ", ") + "}"
}

/// `text` as a JSON string (RFC 8259): quotes, backslashes and control characters escaped.
func jsonString(_ text: String) -> String {
    let hex = Array("0123456789abcdef")
    var quoted = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": quoted += "\\\""
        case "\\": quoted += "\\\\"
        case "\n": quoted += "\\n"
        case "\r": quoted += "\\r"
        case "\t": quoted += "\\t"
        case _ where scalar.value < 0x20:
            quoted += "\\u00" + String(hex[Int(scalar.value >> 4)]) + String(hex[Int(scalar.value & 15)])
        default: quoted.unicodeScalars.append(scalar)
        }
    }
    return quoted + "\""
}
