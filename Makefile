# Every target can run on a fresh clone: it brings what it needs.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help deps deps-test build build-tests check test test-unit test-vm test-libkrun libkrun-gpu demo bench traces fuzz install uninstall clean
MAKEFLAGS += --no-print-directory

PREFIX ?= /usr/local
DESTDIR ?=

BIN := node_modules/.bin
GENERATED := protocol/src/generated/guest.ts
SOURCES := $(shell find packages/*/src protocol/src host/src host/bin guest-init/src guest-init/bin -name '*.ts' ! -name '*.test.ts')
RECIPES := $(wildcard scripts/*.mjs scripts/*.cjs) package.json package-lock.json
ALLOW_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | while IFS=$$'\t' read -r name text; do printf '  %-13s %s\n' "$$name" "$$text"; done

deps: ## install what is missing to build and run (npm packages; QEMU and virtiofsd)
	@scripts/deps.sh

deps-test:
	@scripts/deps.sh --test

build: deps ## generate the gRPC code and bundle the programs into dist/
	@$(MAKE) -s dist/.built

check: deps ## compile, lint, and check the rules of the house
	@$(MAKE) -s $(GENERATED)
	$(BIN)/tsc -p .
	$(BIN)/biome check
	$(BIN)/jest --selectProjects house

test: deps-test build-tests ## all tests: unit, house, and those that boot machines, on both drivers
	@scripts/test.sh unit house vm libkrun

test-unit: build-tests ## only the tests that boot nothing
	@scripts/test.sh unit

test-vm: deps-test build-tests ## only the tests that boot machines, on the qemu driver
	@scripts/test.sh vm

test-libkrun: deps-test build-tests ## the same on the libkrun driver, in a machine of the qemu driver
	@scripts/test.sh libkrun

libkrun-gpu: ## build a libkrun with a GPU into ~/.cache/muvm, for the tests of it; this needs Rust
	@scripts/libkrun-gpu.sh

build-tests: build
	@node scripts/peers.mjs

demo: build ## run one program in a microVM, and show the time each phase took
	@scripts/demo.sh $(ALLOW_ROOT)

bench: deps-test build ## measure in 10 minutes, all or PARTS=network DRIVER=qemu; writes test/results/bench.json
	@node scripts/bench.mjs $(PARTS)

traces: deps-test build ## record again what X11 programs and their server say, all or NAMES="xterm xev"; says what is missing
	@node scripts/traces.mjs $(NAMES)

fuzz: build ## try the X11 engine with wrong traffic: SECONDS=60 SEED=1 COUNT=1
	@FUZZ_SECONDS='$(SECONDS)' FUZZ_SEED='$(SEED)' FUZZ_COUNT='$(COUNT)' FUZZ_ENGINE='$(ENGINE)' node scripts/fuzz.mjs

install: build ## put muvm into PREFIX (default /usr/local), below DESTDIR if given
	@scripts/install.sh '$(PREFIX)' '$(DESTDIR)'

uninstall: ## remove from PREFIX what "make install" has put there
	@scripts/uninstall.sh '$(PREFIX)' '$(DESTDIR)'

clean: ## remove everything that was built
	rm -rf dist protocol/src/generated test/results

$(GENERATED): $(wildcard protocol/proto/*.proto) protocol/buf.gen.yaml protocol/buf.yaml scripts/generate.mjs
	@node scripts/generate.mjs
	@touch $@

docs/settings.md: $(GENERATED) $(wildcard host/src/config/*.ts) scripts/settings-page.mjs
	@node scripts/settings-page.mjs
	@touch $@

docs/drivers.md: host/src/driver/features.ts host/src/driver/features-page.ts $(wildcard host/src/driver/*/features.ts) scripts/drivers-page.mjs
	@node scripts/drivers-page.mjs
	@touch $@

# The stamp is as old as the beginning of the build: what is edited meanwhile is built next time.
dist/.built: $(GENERATED) $(SOURCES) $(RECIPES) docs/settings.md docs/drivers.md
	@mkdir -p dist && touch $@.new
	@node scripts/bundle.mjs
	@node scripts/share.mjs
	@mv $@.new $@
