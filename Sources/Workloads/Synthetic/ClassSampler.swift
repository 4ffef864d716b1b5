import Primitives

/// What one class of a ``SyntheticWorkload`` draws for its arrivals.
struct ClassSampler {
    private let index: Int
    private let priority: Int32
    private let lengths: LengthModelSampler
    private let regionIndices: [UInt16]
    private let regionChoice: WeightedChoice?
    private let groups: WeightedChoice?
    private let prefixLength: LengthSampler?
    private let turns: LengthSampler?
    private let conversation: Conversation?
    private let keys: Keys

    /// One key per purpose; the class is part of a group's identity, the arrival number of everything else.
    private struct Keys {
        let lengths, regions, groups, prefixLengths, prefixContents, ownContents, turns, thinking: RandomKey

        init(_ key: RandomKey, index: UInt64) {
            lengths = key.derived("lengths")
            regions = key.derived("regions")
            groups = key.derived("prefix-groups")
            prefixLengths = key.derived("prefix-lengths").derived(index)
            prefixContents = key.derived("prefix-contents").derived(index)
            ownContents = key.derived("own-contents")
            turns = key.derived("turns")
            thinking = key.derived("thinking")
        }
    }

    init(_ requestClass: RequestClass, index: Int, regions: [String], key: RandomKey) {
        self.index = index
        priority = requestClass.priority
        lengths = LengthModelSampler(requestClass.lengths)
        regionIndices = requestClass.regions.map { UInt16(regions.firstIndex(of: $0.name) ?? 0) }
        regionChoice = WeightedChoice(weights: requestClass.regions.map(\.weight))
        groups = requestClass.prefixes.flatMap { .zipf(count: $0.groups, exponent: $0.exponent) }
        prefixLength = requestClass.prefixes.map { LengthSampler($0.tokens) }
        turns = requestClass.conversation.map { LengthSampler($0.turns) }
        conversation = requestClass.conversation
        keys = Keys(key, index: UInt64(index))
    }

    /// The first turn of the session that arrival `number` begins.
    func firstTurn(_ number: UInt64, at time: Int64) -> PlannedTurn {
        var group: UInt64 = 0
        var prefixTokens: Int32 = 0
        if let groups, let prefixLength {
            group = UInt64(groups.index(at: keys.groups.uniform(number)))
            prefixTokens = prefixLength.length(at: keys.prefixLengths.uniform(group))
        }
        let turns = turns.map { UInt64($0.length(at: keys.turns.uniform(number))) } ?? 1
        let drawn = draw(number, turn: 0)
        return PlannedTurn(
            time: time, session: number, turn: 0, turns: turns, classIndex: index, group: group,
            prefixTokens: prefixTokens, inputTokens: prefixTokens + drawn.input, outputTokens: drawn.output)
    }

    private func draw(_ session: UInt64, turn: UInt64) -> (input: Int32, output: Int32) {
        let key = keys.lengths.derived(session)
        return lengths.lengths(at: key.uniform(2 * turn), key.uniform(2 * turn + 1))
    }

    /// The turn after `turn`; `nil` when the session is over.
    func following(_ turn: PlannedTurn) -> PlannedTurn? {
        guard let conversation, turn.turn + 1 < turn.turns else { return nil }
        var next = turn
        next.turn += 1
        let drawn = draw(turn.session, turn: next.turn)
        // At most 2²⁵ + 2²⁴ + 2²⁴: within Int32.
        next.inputTokens = turn.inputTokens + turn.outputTokens + drawn.input
        guard next.inputTokens <= conversation.maximumContext else { return nil }
        next.outputTokens = drawn.output
        var generator = keys.thinking.derived(turn.session).derived(next.turn).generator()
        let seconds = max(0, conversation.thinkTime.sample(using: &generator))
        // Keeps the time within 2⁶³ ns.
        guard seconds < 4.6e9, turn.time < 4_600_000_000_000_000_000 else { return nil }
        next.time += Int64(seconds * 1e9)
        return next
    }

    func request(_ turn: PlannedTurn, id: UInt64, _ store: PromptContentStore) -> Request {
        let choice = regionIndices.count == 1 ? 0 : regionChoice?.index(at: keys.regions.uniform(turn.session)) ?? 0
        return Request(
            id: id, arrival: SimulatedTime(nanoseconds: turn.time), inputTokens: turn.inputTokens,
            outputTokens: turn.outputTokens, classIndex: UInt16(index), regionIndex: regionIndices[choice],
            priority: priority, session: conversation == nil ? 0 : UInt32(truncatingIfNeeded: turn.session &+ 1),
            content: content(turn, store))
    }

    private func content(_ turn: PlannedTurn, _ store: PromptContentStore) -> PromptContentHandle {
        guard prefixLength != nil || conversation != nil else { return .unique }
        var segments: [PromptSegment] = []
        if turn.prefixTokens > 0 {
            segments.append(PromptSegment(key: keys.prefixContents.bits(turn.group), tokens: turn.prefixTokens))
        }
        let own = turn.inputTokens - turn.prefixTokens
        segments.append(PromptSegment(key: keys.ownContents.bits(turn.session), tokens: own))
        return store.insert(segments, outputContinuesLastSegment: conversation != nil)
    }
}
