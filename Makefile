# `make run` and `make test` are the two commands; each makes what it needs.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help install pictures run test lint check bench storm lock format clean

help:  ## What this Makefile can do
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

.venv/run.stamp: requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

install: .venv/run.stamp  ## Make the environment that the bot runs in

pictures: .venv/run.stamp  ## Add what the pictures of the digest are drawn with
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-pictures.lock

run: .venv/run.stamp  ## Start the bot: against Slack if .env has tokens, else in the sandbox
	@$(BIN)/python -m bot start

test: .venv/dev.stamp  ## Run every test, with branch coverage
	$(BIN)/python -m coverage erase
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report=term:skip-covered

lint: .venv/dev.stamp  ## Format check, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test  ## lint and test

bench: .venv/dev.stamp  ## Measure speed, as ratios in one run
	$(BIN)/python -m tests.bench

storm: .venv/dev.stamp  ## Kill the bot 1,600 times, and try ten thousand hostile payloads; takes ten minutes
	STORM_KILLS=1000 STORM_PAYLOADS=10000 $(BIN)/python -m pytest -q -n 2 tests/e2e/test_storm.py tests/handlers/test_hostile.py

format: .venv/dev.stamp  ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: .venv/dev.stamp  ## Renew the lock files from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
		--python-version 3.11 -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
		--python-version 3.11 --extra pictures -o requirements-pictures.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
		--python-version 3.11 --extra dev --extra pictures -o requirements-dev.lock pyproject.toml
