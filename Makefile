# citykpi. The two commands: make run, make test.
GO      ?= go
TAGS    := duckdb_arrow
VERSION := $(shell git describe --tags --always 2>/dev/null || echo dev)
BIN     := bin/citykpi
ASSETS  := reports/assets/dist/.built
PKGS    := ./...
# Position-independent, and no table that a stray write could turn a call with: nothing of the
# program stands at an address known before, and what the loader filled in is read-only.
# Everything is built alike, tests too: what they run is what is shipped, and it is compiled once.
FLAGS   := -tags $(TAGS) -trimpath -buildmode=pie
HARDEN  := -w -extldflags '-Wl,-z,relro,-z,now,-z,noexecstack'

export CGO_ENABLED = 1

FUZZ    := 500ms

# Garbage is collected as seldom in tests as the program does it, see cmd/citykpi/main.go.
COLLECT := 300

# What has more to do where there is time: whole demos, failing disks, kills, and attacks from outside.
SOAK    := TestDemoEqualsItsTruth|TestRestatementsEqualTheTruth|TestEveryWriteMayFail|TestStoppedAtEveryStep|TestKilledRunsLoseNothing|TestKillsOverAllVerbs|TestNothingIsLostBetween
SOAK    := $(SOAK)|TestNewVersion|TestGrowing|TestFileWritten|TestManyFiles|TestOther|TestUnreadable|TestProjectPath|TestPowerLoss
SOAK    := $(SOAK)|TestWhatWasSent|TestDamagedRelease|TestScheduledJob|TestLongHistory|TestLongCells|TestHostile|TestContractsStay|TestOneBad|TestOneHuge
SOAK    := $(SOAK)|TestNothingActs|TestMemoryBombs

.PHONY: run build assets notice test test-one fuzz soak bench lint clean

run: build ## a demo project under var/demo, computed, with its dashboard
	rm -rf var/demo
	$(BIN) demo --dir var/demo
	@echo
	@echo "dashboard: var/demo/var/releases/$$(cat var/demo/var/CURRENT)/site/index.html"

build: notice ## bin/citykpi, and beside it what it is made of (CycloneDX)
	$(GO) build $(FLAGS) -ldflags "$(HARDEN) -X main.version=$(VERSION)" -o $(BIN) ./cmd/citykpi
	$(GO) run $(FLAGS) ./licences/gather sbom $(BIN) $(VERSION)

notice: assets ## the licences of all that is linked and bundled, for embedding
	$(GO) run $(FLAGS) ./licences/gather notice $(TAGS)

assets: $(ASSETS) ## charts, styles and scripts, bundled for embedding

$(ASSETS): reports/assets/package-lock.json reports/assets/build.mjs $(wildcard reports/assets/src/*)
	cd reports/assets && npm ci --ignore-scripts --no-audit --no-fund && node build.mjs
	@touch $@

test: build ## everything, every fuzz target for FUZZ; installs what tests need where it may
	./.ci/needs
	$(GO) mod verify
	$(GO) vet $(FLAGS) $(PKGS)
	CITYKPI_BUILT=$(CURDIR)/$(BIN) GOGC=$(COLLECT) $(GO) test $(FLAGS) -ldflags "$(HARDEN)" -vet=off -timeout 60m -exec "$(CURDIR)/.ci/fuzz $(FUZZ) 1" $(PKGS)

PKG ?= ./pipeline/kpi
RUN ?= .

test-one: build ## one package, or some of its tests: make test-one PKG=./pipeline RUN=TestImports
	CITYKPI_BUILT=$(CURDIR)/$(BIN) GOGC=$(COLLECT) $(GO) test $(FLAGS) -ldflags "$(HARDEN)" -vet=off -timeout 60m -run '$(RUN)' $(PKG)

fuzz: assets ## every fuzz target for FUZZ (make fuzz FUZZ=1m), led by what the code does with its inputs
	@for dir in $$(git ls-files '*_test.go' | xargs grep -l '^func Fuzz' | xargs -n1 dirname | sort -u); do \
		echo "$$dir for $(FUZZ) each" && $(GO) test $(FLAGS) -ldflags "$(HARDEN)" -vet=off -fuzz=. -c -o bin/fuzz.test ./$$dir && \
		(cd $$dir && $(CURDIR)/.ci/fuzz $(FUZZ) $$(nproc) $(CURDIR)/bin/fuzz.test -test.run='^Fuzz') || exit 1; \
	done; rm -f bin/fuzz.test

soak: FUZZ := 1m
soak: fuzz ## what takes too long for every commit: the demo cities of five seeds at full size, every write of a run failing in turn, a thousand kills, attacks from outside, long fuzzing
	CITYKPI_SOAK=1 GOGC=$(COLLECT) $(GO) test $(FLAGS) -ldflags "$(HARDEN)" -timeout 240m -v -run '$(SOAK)' ./pipeline/... ./sql/query ./cmd/citykpi

bench: build ## ratios measured side by side in one run
	$(GO) run $(FLAGS) ./pipeline/bench

MODELS := sql/staging sql/core sql/kpi sql/mart sql/checks

# Pinned; .golangci.yml says what it looks for, and why.
GOLANGCI := bin/golangci/v2.13.2/golangci-lint

lint: ## faults and form of Go and SQL, and that the models are what other engines speak as well
	@test -z "$$(gofmt -l cmd data licences pipeline reference reports schedules sql)" || { gofmt -l cmd data licences pipeline reference reports schedules sql; exit 1; }
	$(GO) vet $(FLAGS) $(PKGS)
	@$(MAKE) --no-print-directory $(GOLANGCI) || echo "*** GO IS NOT LOOKED AT BEYOND go vet: golangci-lint could not be installed ***"
	@test ! -e $(GOLANGCI) || $(GOLANGCI) run
	@$(MAKE) --no-print-directory bin/lint/.installed || echo "*** SQL IS NOT LOOKED AT: sqlglot and sqlfluff could not be installed ***"
	@test ! -e bin/lint/.installed || bin/lint/bin/python .ci/sql.py $(MODELS)
	@test ! -e bin/lint/.installed || bin/lint/bin/sqlfluff lint --processes 0 --disable-progress-bar $(MODELS) sql/page

# A tool of its own, in no module of the program: its licence does not reach what it looks at.
$(GOLANGCI):
	GOBIN=$(CURDIR)/$(dir $@) CGO_ENABLED=0 $(GO) install -trimpath github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(notdir $(patsubst %/,%,$(dir $@)))

bin/lint/.installed: .ci/lint-requirements.txt
	python3 -m venv bin/lint
	bin/lint/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

clean:
	rm -rf bin var licences/dist reports/assets/dist reports/assets/node_modules
