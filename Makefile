# One command runs the quick start, one runs every test. Both install what is missing.

SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
PACKAGES := libsqlite3-dev libopenblas-dev pkg-config zlib1g-dev

.PHONY: run test bench validate lint format setup clean

run: setup
	swift build -c release --product isocost
	.build/release/isocost run scenarios/quickstart.yaml
	@echo "Next: open reports/quickstart/report.html, then read scenarios/quickstart.yaml and change it."

test: setup
	swift test
	@echo "Next: every test passed; ARCHITECTURE.md says what lies where."

bench: setup
	Benchmarks/end-to-end.sh
	env -u OPENBLAS_CORETYPE .build/release/isocost calibrate --limits
	swift package --package-path Benchmarks benchmark

DATA := ../shared/data/validation

validate: setup
	swift build -c release --product isocost
	@page=Documentation/Validation.md; \
	awk '/^## llmservingsim2-vllm019/ { exit } { print }' $$page > $$page.new && \
	.build/release/isocost validate --data $(DATA) --markdown >> $$page.new && mv $$page.new $$page
	@echo "Next: read Documentation/Validation.md; the text above its tables is kept and must fit them."

lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks

format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks

setup:
	@command -v swift >/dev/null || { echo "Isocost needs a Swift 6.1+ toolchain: https://www.swift.org/install"; exit 69; }
	@missing=; for package in $(PACKAGES); do \
	  dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
	  echo "Installing$$missing"; \
	  $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing; fi

clean:
	rm -rf .build Benchmarks/.build
