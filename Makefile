# Everything runs in .venv, which the first target that needs it makes. PYTHON picks the interpreter it is made from.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CUSTOMER ?= three-modules
TESTS ?= tests

.DEFAULT_GOAL := help
.PHONY: help demo test lint format fuzz bench ladder clean

help:
	@echo 'make demo    install into $(VENV), check one fixture customer, show the diff that would migrate it'
	@echo 'make test    run all tests, on all processors (TESTS=path/to/some to run some)'
	@echo 'make lint    ruff, mypy --strict, import-linter'
	@echo 'make format  let ruff rewrite what it can'
	@echo 'make fuzz    property tests, at length'
	@echo 'make bench   side by side with ripgrep and ruff'
	@echo 'make ladder  what an analysis costs as call graphs grow'
	@echo 'make clean   remove $(VENV) and caches'

# Each stamp stands for one set of installed packages; only a change of pyproject.toml makes it stale.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "aurora-migrate needs Python 3.10 or newer, \
	this is %s; name another with: make PYTHON=/path/to/python3" % sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo >&2 '$(PYTHON) cannot make a virtual environment \
	(on Debian and Ubuntu: apt-get install python3-venv)'; exit 1; }

$(VENV)/.stamp-run: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.stamp-test: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ $(VENV)/.stamp-run

$(VENV)/.stamp-lint: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[lint]'
	@touch $@ $(VENV)/.stamp-run

# `check` exits 1 when it finds something: that is what the demo is about, so only 2 and above is a failure.
demo: $(VENV)/.stamp-run
	@set -e; tool="$(CURDIR)/$(BIN)/aurora-migrate"; copy=$$(mktemp -d); trap 'rm -rf "$$copy"' EXIT; \
	cp -R fixtures/customers/$(CUSTOMER)/before/. "$$copy"; cd "$$copy"; \
	echo '$$ aurora-migrate check --show-trace'; "$$tool" check --show-trace || [ $$? -eq 1 ]; \
	echo; echo '$$ aurora-migrate check --diff --fix --unsafe-fixes'; "$$tool" check --diff --fix --unsafe-fixes || [ $$? -eq 1 ]

test: $(VENV)/.stamp-test
	$(BIN)/python -m pytest -n auto --dist loadgroup $(TESTS)

lint: $(VENV)/.stamp-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict aurora_migrate
	$(BIN)/lint-imports

format: $(VENV)/.stamp-lint
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fuzz: $(VENV)/.stamp-test
	$(BIN)/python -m pytest -m hypothesis --hypothesis-profile=fuzz --hypothesis-show-statistics $(TESTS)

bench: $(VENV)/.stamp-run $(VENV)/.stamp-lint
	$(BIN)/python benchmarks/compare.py

ladder: $(VENV)/.stamp-run
	$(BIN)/python benchmarks/ladder.py

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache benchmarks/.cache dist build
