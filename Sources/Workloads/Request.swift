public import Primitives

/// One request of a workload. Trivially copyable: what a prompt shares with others lives in the source's
/// ``PromptContentStore`` behind ``content``.
@frozen
public struct Request: Sendable, Equatable {
    /// Position in the workload, from 0.
    public var id: UInt64
    /// When it reaches the system.
    public var arrival: SimulatedTime
    /// Prompt tokens, ≥ 1.
    public var inputTokens: Int32
    /// Tokens to generate, ≥ 1.
    public var outputTokens: Int32
    /// Index into ``RequestSource/classes``.
    public var classIndex: UInt16
    /// Index into ``RequestSource/regions``.
    public var regionIndex: UInt16
    /// Lower is served first where the engine's policy is `priority`; 0 by default.
    public var priority: Int32
    /// Conversation, where the source knows one; 0 = none.
    public var session: UInt32
    /// Images in a multimodal prompt (their tokens are already in ``inputTokens``).
    public var images: UInt16
    /// What the prompt shares with other prompts.
    public var content: PromptContentHandle

    /// A request; all but identity, time and lengths have defaults that mean "none".
    public init(
        id: UInt64, arrival: SimulatedTime, inputTokens: Int32, outputTokens: Int32, classIndex: UInt16 = 0,
        regionIndex: UInt16 = 0, priority: Int32 = 0, session: UInt32 = 0, images: UInt16 = 0,
        content: PromptContentHandle = .unique
    ) {
        self.id = id
        self.arrival = arrival
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.classIndex = classIndex
        self.regionIndex = regionIndex
        self.priority = priority
        self.session = session
        self.images = images
        self.content = content
    }
}

/// Names a prompt's content in a ``PromptContentStore``; `unique` content shares no prefix with anybody.
@frozen
public struct PromptContentHandle: Hashable, Sendable {
    @usableFromInline let raw: UInt32
    @inlinable init(raw: UInt32) { self.raw = raw }
    /// Content that nobody shares.
    @inlinable public static var unique: Self { Self(raw: .max) }
    /// Whether nobody shares the content.
    @inlinable public var isUnique: Bool { raw == .max }
    @usableFromInline var index: Int { Int(raw) }
}

/// A run of prompt tokens. Token *i* of two segments is the same token exactly when the keys are equal; two prompts
/// share a prefix as far as their segments, from the first, agree in key and offset.
@frozen
public struct PromptSegment: Hashable, Sendable {
    /// Identity of the content.
    public var key: UInt64
    /// Length in tokens, ≥ 1.
    public var tokens: Int32
    /// A run of `tokens` tokens of the content `key`.
    public init(key: UInt64, tokens: Int32) {
        self.key = key
        self.tokens = tokens
    }
}

/// The contents of the prompts in flight, recycled as requests finish, so that memory grows with concurrency and
/// never with trace length. Not thread-safe: one store belongs to one source and one simulation.
public final class PromptContentStore {
    private var segments: [[PromptSegment]] = []
    private var outputContinues: [Bool] = []
    private var free: [UInt32] = []

    /// An empty store.
    public init() {}

    /// Stores a prompt's segments, which must cover all its tokens in order.
    ///
    /// `outputContinuesLastSegment`: the generated tokens are the next tokens of the last segment, as in a
    /// conversation whose next turn repeats them; otherwise the output is nobody else's prefix.
    public func insert(_ content: [PromptSegment], outputContinuesLastSegment: Bool = false) -> PromptContentHandle {
        if let slot = free.popLast() {
            segments[Int(slot)] = content
            outputContinues[Int(slot)] = outputContinuesLastSegment
            return PromptContentHandle(raw: slot)
        }
        segments.append(content)
        outputContinues.append(outputContinuesLastSegment)
        return PromptContentHandle(raw: UInt32(segments.count - 1))
    }

    /// The segments of a prompt, from its first token on; none for `unique`.
    public func segments(of handle: PromptContentHandle) -> [PromptSegment] {
        handle.isUnique ? [] : segments[handle.index]
    }

    /// Whether the generated tokens are the next tokens of the last segment; `false` for `unique`.
    public func outputContinuesLastSegment(of handle: PromptContentHandle) -> Bool {
        handle.isUnique ? false : outputContinues[handle.index]
    }

    /// Forgets a finished request's content; its handle must not be used again. `unique` is ignored.
    public func release(_ handle: PromptContentHandle) {
        guard !handle.isUnique else { return }
        segments[handle.index] = []
        free.append(handle.raw)
    }
}
