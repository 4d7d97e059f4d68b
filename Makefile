# The one entry point. Every target does its own set-up in .venv; only Python 3.11+ and make are needed.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo up test check lint format types imports unit messages fuzz bench chaos docs wheel constraints clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1|/' | column -t -s '|'

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "jobmon needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## Watch failures being explained: pretend workspace, Slack and mailbox
	$(BIN)/jobmon demo

up: $(READY) ## Run jobmon with the settings of the environment
	$(BIN)/jobmon up

test: lint types imports unit messages ## Everything that CI checks

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(READY) ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

unit: $(READY)
	$(BIN)/pytest -n 2 --dist loadgroup

SEED  ?= 1
KILLS ?= 300

chaos: $(READY) ## Kill everything again and again, and count what was lost or doubled (SEED= KILLS=)
	$(BIN)/python -m tests.chaos --seed $(SEED) --kills $(KILLS)

CASES ?= 3000

fuzz: $(READY) ## Try tens of thousands of requests on the routes (CASES= for each route)
	JOBMON_FUZZ_CASES=$(CASES) $(BIN)/pytest -n 2 --timeout 3600 \
	  tests/webhook/test_openapi.py tests/webhook/test_hostile.py

messages: $(READY) ## Check what we render by Slack's own types and by what mail clients can
	@if command -v npm >/dev/null; then npm ci --silent && PATH="$(abspath $(BIN)):$$PATH" npm run --silent check \
	   && $(BIN)/pytest -q tests/emulated; \
	 else echo "npm is not installed: messages and manifest are NOT checked by others' definitions," \
	   "nor run against a Slack that others wrote"; fi

bench: $(READY) ## Run the benchmarks (minutes; wants a quiet machine)
	$(BIN)/python -m bench

docs: $(READY) ## Write the generated pages anew
	$(BIN)/jobmon rules docs

wheel: $(READY) ## Build the wheel and the source archive
	$(BIN)/python -m build --no-isolation

constraints: $(READY) ## Pin the newest versions, with hashes and no addresses
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
	  --no-header --no-annotate --group dev --output-file constraints.txt pyproject.toml

clean: ## Remove everything that was built
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
