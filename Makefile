# citykpi. The two commands: make run, make test.
GO      ?= go
TAGS    := duckdb_arrow
VERSION := $(shell git describe --tags --always 2>/dev/null || echo dev)
BIN     := bin/citykpi
ASSETS  := reports/assets/dist/.built
PKGS    := ./...
# Position-independent, and no table that a stray write could turn a call with: nothing of the
# program stands at an address known before, and what the loader filled in is read-only.
# Tests are built alike: what they run is what is shipped.
FLAGS   := -tags $(TAGS) -trimpath -buildmode=pie
HARDEN  := -w -extldflags '-Wl,-z,relro,-z,now,-z,noexecstack'

export CGO_ENABLED = 1

.PHONY: run build assets notice test soak bench lint clean

run: build ## a demo project under var/demo, computed, with its dashboard
	rm -rf var/demo
	$(BIN) demo --dir var/demo
	@echo
	@echo "dashboard: var/demo/var/releases/$$(cat var/demo/var/CURRENT)/site/index.html"

build: notice ## bin/citykpi, and beside it what it is made of (CycloneDX)
	$(GO) build $(FLAGS) -ldflags "$(HARDEN) -X main.version=$(VERSION)" -o $(BIN) ./cmd/citykpi
	$(GO) run ./licences/gather sbom $(BIN) $(VERSION)

notice: assets ## the licences of all that is linked and bundled, for embedding
	$(GO) run ./licences/gather notice $(TAGS)

assets: $(ASSETS) ## charts, styles and scripts, bundled for embedding

$(ASSETS): reports/assets/package-lock.json reports/assets/build.mjs $(wildcard reports/assets/src/*)
	cd reports/assets && npm ci --ignore-scripts --no-audit --no-fund && node build.mjs
	@touch $@

test: assets ## everything; installs what tests need where it may
	./.ci/needs
	$(GO) vet -tags $(TAGS) $(PKGS)
	$(GO) test -tags $(TAGS) -timeout 30m $(PKGS)

soak: assets ## what takes too long for every commit: the demo cities of five seeds at full size, and every write of a run failing in turn
	CITYKPI_SOAK=1 $(GO) test -tags $(TAGS) -timeout 60m -v -run 'TestDemoEqualsItsTruth|TestEveryWriteMayFail' ./pipeline ./cmd/citykpi

bench: build ## ratios measured side by side in one run
	$(GO) run -tags $(TAGS) ./pipeline/bench

lint:
	@test -z "$$(gofmt -l cmd data pipeline reports schedules sql)" || { gofmt -l cmd data pipeline reports schedules sql; exit 1; }
	$(GO) vet -tags $(TAGS) $(PKGS)

clean:
	rm -rf bin var reports/assets/dist reports/assets/node_modules
