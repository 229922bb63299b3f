# Two commands to begin: `make run` serves the demo library, `make start` an empty hub of your own.
.PHONY: run start test setup front lint bench locks migration clean
SHELL := /bin/bash
# What pip and npm bring does not wait for each other.
MAKEFLAGS += --jobs=3
PYTHON ?= python3.11
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
# The machine's Node when it is recent, else the one that pip brings.
NODE_OK := $(shell node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' 2>/dev/null && npm --version >/dev/null 2>&1 && echo yes)
NPM := $(if $(NODE_OK),npm,PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm)

run: setup
	HUB_DATA=$${HUB_DATA:-var/demo} $(BIN)/python -m hub demo
	HUB_DATA=$${HUB_DATA:-var/demo} $(BIN)/python -m hub run

start: setup
	$(BIN)/python -m hub run

setup: .venv/.ready static/dist/manifest.json

front: .venv/.ready node_modules/.ready
	$(NPM) run --silent build

.venv/.made:
	$(PYTHON) -m venv .venv
	touch $@

# The files name all there is: nothing is to be resolved.
.venv/.ready: .venv/.made requirements.txt
	$(PIP) -r requirements.txt
	touch $@

# Only what the hub itself does not need, so that both can come at once. What of it is used is compiled when it first is.
.venv/.ready-dev: .venv/.made requirements.txt requirements-dev.txt
	grep -vxFf <(grep == requirements.txt) requirements-dev.txt > .venv/requirements-dev.txt
	$(PIP) --no-compile -r .venv/requirements-dev.txt
	touch $@

node_modules/.ready: package.json package-lock.json $(if $(NODE_OK),,.venv/.ready)
	$(NPM) ci --no-audit --no-fund --loglevel=error
	touch $@

static/dist/manifest.json: node_modules/.ready $(shell find static/src static/css static/img static/build.mjs static/icons.json -type f 2>/dev/null)
	$(NPM) run --silent build

test: setup .venv/.ready-dev
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python tests/run.py

lint: .venv/.ready .venv/.ready-dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports && $(BIN)/mypy

bench: setup .venv/.ready-dev
	$(BIN)/python -m bench

locks: .venv/.ready .venv/.ready-dev
	$(BIN)/pip-compile --quiet --no-emit-index-url --no-emit-find-links --strip-extras -o requirements.txt requirements.in
	$(BIN)/pip-compile --quiet --no-emit-index-url --no-emit-find-links --strip-extras -c requirements.txt -o requirements-dev.txt requirements-dev.in

# make migration m="what it does"
migration: .venv/.ready
	$(BIN)/python -m hub migration "$(m)"

clean:
	rm -rf var node_modules static/dist .venv
