# Two commands matter: `make demo` and `make test`. Both set up everything they need in .venv.
# uv makes the set-up fast when it can be had; python3 with venv is all that is needed.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export UV_SYSTEM_CERTS := true
# Without kept bytecode every process that the tests begin compiles the program anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test tests lint types bench soak docs format check setup setup-dev clean

define install
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "make: $(PYTHON) with venv is needed (Debian: apt-get install python3-venv)"; exit 2; }
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: Python 3.11 or newer is needed; set PYTHON=..."; exit 2; }
	@if [ ! -e $(VENV)/$(2) ] || [ -n "$$(find requirements.txt requirements-lock.txt requirements-postgres.txt requirements-pages.txt requirements-dev.txt requirements-pins.txt pyproject.toml -newer $(VENV)/$(2))" ]; then \
	  echo "Setting up $(VENV) ..."; \
	  $(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install -q uv 2>/dev/null || true; \
	  if $(BIN)/python -m uv --version >/dev/null 2>&1 && $(BIN)/python -m uv pip install -q --compile-bytecode --python $(BIN)/python -c requirements-pins.txt -r $(1) -e .; then :; \
	  else $(BIN)/python -m pip install -q -c requirements-pins.txt -r $(1) -e .; fi && touch $(VENV)/$(2); fi
endef

setup:
	$(call install,requirements.txt,.installed)

setup-dev:
	$(call install,requirements-dev.txt,.installed-dev)

demo: setup
	@$(BIN)/tracker demo
	@$(BIN)/python -m tests.missing_system_packages 2>/dev/null || true

format: setup-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix -q .

check: lint types

lint: setup-dev
	$(BIN)/ruff format --check -q .
	$(BIN)/ruff check -q .
	$(BIN)/lint-imports --no-cache

types: setup-dev
	$(BIN)/mypy

# Whole files go to one worker, so that what a file sets up is made once; types are checked beside the tests.
test: lint
	@$(MAKE) --no-print-directory -j2 types tests

tests: setup-dev
	$(BIN)/pytest -n auto --dist loadscope --no-loadscope-reorder --durations 25

bench: setup-dev
	$(BIN)/python -m tests.benchmarks

docs: setup-dev
	$(BIN)/sphinx-build -q -W --keep-going -b html docs build/docs
	@echo "The manual: build/docs/index.html"

soak: setup-dev
	$(BIN)/pytest -m "soak or hypothesis" --hypothesis-profile=soak --timeout=3600

clean:
	rm -rf $(VENV) build dist *.egg-info
