# `make` runs every check that a change must pass.
.PHONY: all build test lint format accept bench
all: lint test

build:
	scripts/ramp --version

test:
	scripts/test $(FILTER)

lint:
	scripts/lint

format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests

# Writes anew what the tests compare with: docs/language.md and the transcripts beside the scripts. Read the diff.
accept:
	RAMP_ACCEPT=1 scripts/test $(or $(FILTER),accept)

bench:
	scripts/bench
