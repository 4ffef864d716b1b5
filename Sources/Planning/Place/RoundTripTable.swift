/// Round trips between major cloud regions, as measured by one provider between its own.
enum RoundTripTable {
    /// Where every figure of ``milliseconds`` was read.
    static let source =
        "Azure network round-trip latency statistics (learn.microsoft.com): medians of 30 days between Azure's regions"
    /// The last day of the 30.
    static let observed = "2024-06-19"

    /// Milliseconds there and back. Row i holds the places after i in the order of the rows: `virginia` to `iowa` 33, to
    /// `texas` 38. Each figure is the one of the source's column for the row's region, from the other region; the other
    /// direction, where it was compared, differs by a few milliseconds. Regions behind the names: East US, Central US,
    /// South Central US, West US 3, West US, West US 2, Canada Central, Brazil South, North Europe, UK South, France
    /// Central, West Europe, Germany West Central, Switzerland North, Italy North, Sweden Central, Poland North (as the
    /// source calls it), UAE North, Central India, Southeast Asia, East Asia, Korea Central, Japan East, Australia East,
    /// South Africa North.
    private static let rows = """
        virginia      33  38  60  74  69  20 119  88  79  90  90  96  99  97 119 113 187 203 234 213 229 170 201 227
        iowa          27  45  41  39  24 149 112 104 116 119 123 129 127 142 141 217 231 200 180 197 137 174 257
        texas         22  36  50  47 142 122 114 112 119 122 127 126 142 141 215 230 203 171 166 128 162 255
        arizona       19  39  66 163 143 133 136 139 147 150 147 165 159 232 232 188 158 147 111 145 274
        california    25  61 186 156 148 150 154 160 167 165 183 175 255 220 171 151 160 108 140 294
        washington    60 183 152 146 150 154 157 164 162 182 177 251 212 163 143 124 100 161 291
        toronto      131  99  90 103  95 110 111 110 125 123 199 213 223 203 236 159 196 239
        sao-paulo    187 179 190 185 197 199 197 213 210 287 307 343 320 302 278 316 326
        dublin        14  20  20  27  36  42  44  41 131 146 198 227 263 253 291 172
        london        10  10  17  25  31  34  31 122 131 188 217 252 244 280 162
        paris         11  11  18  24  35  28 116 126 183 212 247 252 293 156
        amsterdam     11  19  25  27  23 123 135 190 219 254 251 287 163
        frankfurt     12  20  30  22 122 135 189 219 254 252 296 164
        zurich        13  32  25 116 139 185 212 247 254 278 165
        milan         42  34 117 137 190 216 250 252 281 167
        stockholm     26 144 157 210 240 275 279 306 186
        warsaw       136 150 202 233 267 276 301 179
        dubai         37  88 118 152 155 180 102
        pune          55  84 119 122 147 138
        singapore     36  70  73  91 188
        hong-kong     43  52 123 218
        seoul         32 131 250
        tokyo        103 252
        sydney       279
        johannesburg
        """

    /// The places that were measured, in the order of the rows.
    static let names: [String] = fields.map { String($0[0]) }

    private static let fields = rows.split(separator: "\n").map { $0.split(separator: " ") }
    private static let columns = fields.map { $0.dropFirst().map { Double($0) ?? .nan } }
    private static let indices = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })

    /// The round trip between two places; `nil` where either was not measured, or they are one.
    static func milliseconds(_ a: String, _ b: String) -> Double? {
        guard let first = indices[a], let second = indices[b], first != second else { return nil }
        let (low, high) = (min(first, second), max(first, second))
        return columns[low][high - low - 1]
    }
}
