import Pricing
import Primitives
import Testing

@Suite struct OfferTests {
    @Test func termsPickThePrice() {
        let both = offer("a", "2", spot: "0.5")
        #expect(both.pricePerHour(on: .onDemand) == dollars("2") && both.pricePerHour(on: .owned) == dollars("2"))
        #expect(
            both.pricePerHour(on: .spot) == dollars("0.5") && both.pricePerHour(on: .interruptible) == dollars("0.5"))
        #expect(offer("a", "2").pricePerHour(on: .spot) == nil)
    }

    @Test(arguments: [
        (OfferFilter(), true), (OfferFilter(provider: "ONE"), true), (OfferFilter(provider: "on"), false),
        (OfferFilter(region: "he"), true), (OfferFilter(region: "here"), true), (OfferFilter(region: "ere"), false),
        (OfferFilter(accelerator: "l4"), true), (OfferFilter(accelerator: "NVIDIA L4"), true),
        (OfferFilter(accelerator: "L40"), false), (OfferFilter(accelerator: "cpu"), false),
        (OfferFilter(terms: .spot), true), (OfferFilter(terms: .onDemand), true),
        (OfferFilter(market: .distributed), true),
        (OfferFilter(market: .hyperscale), false),
        (OfferFilter(provider: "one", accelerator: "L4", region: "here", terms: .spot, market: .distributed), true),
        (OfferFilter(provider: "one", accelerator: "T4", region: "here", terms: .spot, market: .distributed), false),
    ])
    func everyFieldOfAFilterMustMatch(filter: OfferFilter, matches: Bool) {
        #expect(filter.matches(offer("one", "2", spot: "1")) == matches)
    }

    @Test func familiesAndMachinesWithoutAcceleratorsAreFound() {
        var machine = offer("one", "2")
        machine.accelerator = "A100-80GB"
        #expect(OfferFilter(accelerator: "a100").matches(machine))
        #expect(OfferFilter(accelerator: "A100_SXM_80GB").matches(machine))
        #expect(!OfferFilter(accelerator: "A100-40GB").matches(machine))
        machine.accelerator = nil
        #expect(OfferFilter(accelerator: "CPU").matches(machine))
        #expect(!OfferFilter(accelerator: "a100").matches(machine))
        #expect(!OfferFilter(terms: .spot).matches(machine))
    }

    @Test func providersAreCountedInOrderOfAppearance() {
        var second = offer("b", "1")
        second.id = "b/other/here"
        let book = PriceBook(offers: [offer("b", "1"), offer("a", "1"), second])
        #expect(book.providers.map(\.name) == ["b", "a"])
        #expect(book.providers.map(\.offers) == [2, 1])
        #expect(PriceBook().providers.isEmpty && PriceBook().offers.isEmpty)
    }

    @Test func suggestionsAreNearestFirstAndTiesAlphabetical() {
        var book = PriceBook()
        for type in ["gpu-a", "gpu-c", "gpu-b", "gpu-abc", "elephant"] {
            var one = offer("p", "1")
            (one.id, one.instanceType) = ("p/\(type)/here", type)
            book.merge([one])
        }
        #expect(book.suggestions(for: "p/gpu-d") == ["p/gpu-a/here", "p/gpu-b/here", "p/gpu-c/here"])
        #expect(book.suggestions(for: "p/gpu-ab", limit: 1) == ["p/gpu-a/here"])
        #expect(book.suggestions(for: "ELEPHAN") == ["p/elephant/here"])
        #expect(book.suggestions(for: "", limit: 5).isEmpty)
        #expect(PriceBook().suggestions(for: "p/gpu-d").isEmpty)
    }

    @Test func sentencesOfErrorsSayWhatIsKnown() {
        let error = PriceBookError.notOffered(id: "p/t/r", terms: .interruptible, known: [])
        #expect(error.description == "no interruptible price is known for p/t/r (known: none); set one by hand")
        let two = PriceBookError.unknownOffer(query: "p/x", nearest: ["p/y/r", "p/z/r"])
        #expect(
            two.description == "unknown offer \"p/x\"; nearest: p/y/r, p/z/r; `isocost prices list` shows all")
    }

    @Test func ledgersBalanceWhenStatesFillTheRentedTime() {
        var used = rental([.busy: 5, .idle: 7])
        #expect(used.duration.nanoseconds == 12 && used[.idle].nanoseconds == 7 && used[.paused] == .zero)
        #expect(UsageLedger(rentals: [used]).balances && UsageLedger().balances)
        used.states[Int(InstanceState.busy.rawValue)] += 1
        #expect(!UsageLedger(rentals: [used]).balances)
        used.states[Int(InstanceState.idle.rawValue)] -= 1
        #expect(UsageLedger(rentals: [used]).balances)
        used.states = [-1, 13, 0, 0, 0, 0, 0]
        #expect(!UsageLedger(rentals: [used]).balances)
    }
}
