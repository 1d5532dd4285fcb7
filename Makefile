# The commands a person needs. Only Python 3.11+, make and a package index are assumed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHELL := /bin/bash
WORKERS ?= auto

.PHONY: demo install dev test test-all test-quick check format bench clean help

help:  ## say what each command does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/slatewright: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Slatewright needs Python 3.11 or newer; this is %s. Try: make demo PYTHON=python3.11" % sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.dev: $(BIN)/slatewright
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

install: $(BIN)/slatewright  ## create .venv and install
dev: $(VENV)/.dev  ## the same with everything the tests need

demo: install  ## a whole shop on this machine; ONCE=1 to check it and stop, DATA=events.csv for your own events
	$(BIN)/slatewright demo $(if $(DATA),--data "$(DATA)") $(if $(ONCE),--once)

test: dev  ## every test, in some minutes
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

test-all: test  ## the same; here every test is quick enough to run always

test-quick: dev  ## every test but the long ones
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m 'not long'

check: dev  ## format, lint, types, import contract
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: dev  ## put the code in its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: dev  ## every benchmark, beside its peers; appends to bench/results; ONLY="als bpr" for some, DATA=folder
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python bench/run_all.py $(if $(ONLY),--only $(ONLY)) $(if $(DATA),--data "$(DATA)")

clean:  ## remove what make created
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .hypothesis
