# Needs Go, git and make; `make test` a C compiler too, for the race detector. Caches are outside the tree.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Settings, for example: make test-fuzz FUZZTIME=5m, make test-unit RACE=, make bench BENCH=Handlers
RACE ?= -race
FUZZTIME ?= 10000x
BENCH ?= .
BENCHFLAGS ?=
N ?= $(if $(filter waits,$(BENCH)),1000,10000)
TIMES ?= 200
SOAK ?= 5m
BOMB ?=
SEED ?= 0
SEEDS ?= 1
FROM ?= HEAD^
# How many stories run at a time. They wait most of the time; of more, on two cores, they wait for each other.
STORIES ?= 4
ARGS ?=

# What the programs say is their version; dev without git. Go's own record fails in a clone of another user's.
VERSION = $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
STAMP = -X aviary.dev/version.stamp=$(VERSION)
NO_VCS := -buildvcs=false
GOLANGCI_LINT := go tool -modfile=$(CURDIR)/tools/golangci-lint/go.mod golangci-lint
ACTIONLINT := go tool -modfile=$(CURDIR)/tools/actionlint/go.mod actionlint
OPA := go tool -modfile=$(CURDIR)/tools/opa/go.mod opa

.PHONY: help
help: ## Say what there is
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2} \
	  /^## / {printf "  %12s %s\n", "", substr($$0, 4)}' $(firstword $(MAKEFILE_LIST))

.PHONY: demo
demo: ## The two-phased canary on a local control plane; KEEP=1 leaves it running
	@go build -C e2e $(NO_VCS) -o ../bin/demo ./cmd/demo
	@exec bin/demo

.PHONY: demo-down
demo-down: ## Stop what make demo KEEP=1 left running
	@go build -C e2e $(NO_VCS) -o ../bin/demo ./cmd/demo
	@exec bin/demo down

.PHONY: run
run: ## Aviary on this machine, against the cluster of the current kubeconfig; ARGS="--log-level=debug"
	@go build $(NO_VCS) -ldflags='$(STAMP)' -o bin/dev/ ./cmd/aviary ./tools/local
	@exec bin/dev/local bin/dev/aviary $(ARGS)

.PHONY: new-rule
new-rule: ## The folder of a new rule, complete and ready to be changed: make new-rule NAME=my-rule
	@go run $(NO_VCS) ./tools/newrule '$(NAME)'

# A command for each thing that is generated from the code. The pages that stories of e2e write need a control plane:
# make test compares them, and CONTRIBUTING.md says how they are written.
.PHONY: generate
generate: ## Write anew what is generated from the code
	go test -run='^TestCorpusPage$$' ./policy/judge -update # docs/corpus.md
	go test -run='^TestAgreementPage$$' ./policy/judge -update # docs/gloo-agreement.md; as it is without recorded worlds
	go test -run='Current$$' ./policy/input -update # policy/input/schema.json, and the document's keys in policy/README.md

.PHONY: verify
verify: ## See that make generate would change nothing, in a copy of the tree
	@.ci/verify

.PHONY: test
test: ## All tests, then a summary
	@.ci/summary test-unit test-fuzz test-e2e

.PHONY: test-unit
test-unit: compiler ## Tests beside the code, with those of the Rego rules
	go test $(RACE) ./...

.PHONY: test-fuzz
test-fuzz: ## Every fuzz target for FUZZTIME (10000x, that many inputs; 5m is a time)
	@# A number of inputs, since a time may end a run with "context deadline exceeded": https://go.dev/issue/75804
	@grep -rl --include='*_test.go' '^func Fuzz' . | sort | while read -r file; do \
	  for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$$file"); do \
	    (set -x; go test -run='^$$' -fuzz="^$$target\$$" -fuzztime=$(FUZZTIME) -fuzzminimizetime=100x \
	      "$$(dirname "$$file")"); \
	  done; \
	done

.PHONY: test-e2e
test-e2e: compiler ## Stories on a real control plane, built once (about 20 minutes)
	cd e2e && go test $(RACE) -count=1 -timeout=60m -parallel=$(STORIES) ./...

.PHONY: test-fresh
test-fresh: compiler ## The story of lagging caches, each pair of steps TIMES (200) times instead of 25
	cd e2e && go test $(RACE) -count=1 -timeout=40m -v -run='^TestLagging$$' ./stories -times=$(TIMES)

.PHONY: rollbacks
rollbacks: compiler ## Rollbacks to each step with Helm 3, Helm 4 and folders, each with versions' names in both orders
	cd e2e && go test $(RACE) -count=1 -timeout=40m -v -run='^TestRollBack' ./stories -every-way

.PHONY: speed
speed: compiler ## How soon siblings are restored, and routes rid of a deleted canary: over 100 times each
	cd e2e && go test $(RACE) -count=1 -timeout=40m -v -run='IsFast$$' ./stories -rounds=5

.PHONY: upgrade
upgrade: compiler ## Aviary of commit FROM (HEAD^) replaced by this one in each step of a rollout
	dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && git archive '$(FROM)' | tar -x -C "$$dir" && \
	  go build -C "$$dir" $(NO_VCS) -o aviary-before ./cmd/aviary && \
	  cd e2e && go test $(RACE) -count=1 -timeout=40m -v -run='^TestUpgrade$$' ./stories -from="$$dir/aviary-before"

.PHONY: storm
storm: compiler ## A race storm of 2,000 writes, and four planted bugs that it must find; SEED=n repeats the choices
## and SEEDS=10 has ten storms without a bug and ten for each
	cd e2e && go test $(RACE) -count=1 -timeout=8h -v -run='^TestStorm' ./stories -planted -admitted=2000 \
	  -seed=$(SEED) -seeds=$(SEEDS)

.PHONY: compiler
compiler:
	@[ -z "$(RACE)" ] || command -v "$$(go env CC)" >/dev/null || \
	  { echo "the race detector needs a C compiler: apt-get install gcc libc6-dev (or say RACE=)" >&2; exit 1; }

.PHONY: bench
bench: ## Every benchmark; BENCH=<regexp> picks, BENCH=server only the real API server with N=10000; BENCH=waits
## requests that wait for a table, of N=1000 apps; BENCH=audit an audit beside conftest and gator (built once)
	@if [ '$(BENCH)' != server ] && [ '$(BENCH)' != waits ] && [ '$(BENCH)' != audit ]; then \
	  packages=$$(grep -rl --include='*_test.go' '^func Benchmark' . | xargs -r -n1 dirname | sort -u); \
	  (set -x; go test -run='^$$' -bench='$(BENCH)' -benchmem $(BENCHFLAGS) $$packages); \
	fi
	@if [ '$(BENCH)' = server ] || [ '$(BENCH)' = . ]; then \
	  go build -C e2e $(NO_VCS) -o ../bin/bench ./cmd/bench && exec bin/bench -n $(N); \
	fi
	@if [ '$(BENCH)' = waits ]; then \
	  go build -C e2e $(NO_VCS) -o ../bin/bench ./cmd/bench && exec bin/bench waits -n $(N); \
	fi
	@if [ '$(BENCH)' = audit ]; then \
	  (set -x; go test -run='^$$' -bench='^BenchmarkAudit$$' $(BENCHFLAGS) ./audit -large); \
	  go build -C e2e $(NO_VCS) -o ../bin/peers ./cmd/peers && exec bin/peers; \
	fi

.PHONY: mutants
mutants: ## See that tests notice small mistakes in convention, route and the rules; MUTANTS=-write for docs/mutants.md
	go run $(NO_VCS) ./tools/mutants $(MUTANTS)

.PHONY: soak
soak: ## Rollouts for SOAK (5m) on a local control plane; fails if Aviary grows
	@go build -C e2e $(NO_VCS) -o ../bin/soak ./cmd/soak
	@exec bin/soak --for=$(SOAK)

.PHONY: bomb
bomb: ## What one tenant's objects cost others' requests; BOMB=--variants=delegations has one form of them
	@go build -C e2e $(NO_VCS) -o ../bin/bomb ./cmd/bomb
	@exec bin/bomb $(BOMB)

.PHONY: lint
lint: ## golangci-lint over both modules, sizes and spare exports, and actionlint over the workflows
	$(GOLANGCI_LINT) run ./...
	cd e2e && $(GOLANGCI_LINT) run --config=../.golangci.yml ./...
	go run $(NO_VCS) ./tools/shape
	@# Without the checkers that only some machines have, so that it says the same on all.
	[ ! -d .github/workflows ] || $(ACTIONLINT) -shellcheck= -pyflakes= .github/workflows/*

.PHONY: fmt
fmt: ## Format Go and Rego
	$(GOLANGCI_LINT) fmt ./...
	cd e2e && $(GOLANGCI_LINT) fmt --config=../.golangci.yml ./...
	$(OPA) fmt --write policy

.PHONY: build
build: ## The programs, static, into bin/
	CGO_ENABLED=0 go build $(NO_VCS) -trimpath -ldflags='-s -w $(STAMP)' -o bin/ ./cmd/...

.PHONY: clean
clean: ## Remove bin/ (go clean -cache -testcache for the rest)
	rm -rf bin
