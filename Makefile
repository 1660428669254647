# Thin aliases: the work is in scripts/, where "npm run" finds it as well. Every target can run on a fresh clone.
.DEFAULT_GOAL := help
.PHONY: help build check test test-unit test-vm test-libkrun test-trixie test-long libkrun-gpu demo bench traces fuzz install uninstall clean
MAKEFLAGS += --no-print-directory

PREFIX ?= /usr/local
DESTDIR ?=
RUN := @node scripts/run.mjs

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | while IFS="$$(printf '\t')" read -r name text; do printf '  %-13s %s\n' "$$name" "$$text"; done

build: ## build the programs into dist/; needs Node and npm only
	$(RUN) build

check: ## compile, lint, and check the rules of the repository
	$(RUN) check

test: ## run all tests, VMs included; as root, installs what they need
	$(RUN) test

test-unit: ## run the tests that boot nothing
	$(RUN) test unit

test-vm: ## run the tests of VMs on the qemu driver
	$(RUN) test qemu

test-libkrun: ## run the tests of VMs on the libkrun driver, nested in a guest of the qemu driver
	$(RUN) test libkrun

test-trixie: ## run the demo and a smoke test on Debian 13 as an ordinary user; COLD_STARTS=30 adds cold starts
	@COLD_STARTS='$(COLD_STARTS)' node scripts/run.mjs test trixie

test-long: ## run all tests with their large numbers, storms and soaks
	@MUVM_TEST_LONG=1 COLD_STARTS=30 node scripts/run.mjs test

libkrun-gpu: ## build libkrun with a GPU into the user's cache; needs Rust
	@scripts/libkrun-gpu/build.sh

demo: ## run one program in a microVM and print the time of each phase; as root, installs what it needs
	$(RUN) demo

bench: ## measure in 10 minutes, all or PARTS=network DRIVER=qemu; writes test/results/bench.json
	@DRIVER='$(DRIVER)' node scripts/run.mjs bench $(PARTS)

traces: ## record again what X11 programs and their server send, all or NAMES="xterm xev"
	$(RUN) traces $(NAMES)

fuzz: ## feed the X11 engine wrong traffic: SECONDS=60 SEED=1 COUNT=1
	@FUZZ_SECONDS='$(SECONDS)' FUZZ_SEED='$(SEED)' FUZZ_COUNT='$(COUNT)' FUZZ_ENGINE='$(ENGINE)' node scripts/run.mjs fuzz

install: build ## install muvm into PREFIX (default /usr/local), below DESTDIR if given
	@scripts/install.sh '$(PREFIX)' '$(DESTDIR)'

uninstall: ## remove from PREFIX what "make install" installed
	@scripts/uninstall.sh '$(PREFIX)' '$(DESTDIR)'

clean: ## remove everything that was built
	rm -rf dist protocol/src/generated test/results
