# The few commands of this project; `make help` lists them.
PYTHON ?= python3
SOURCE ?=
WAREHOUSE ?=
SQL ?= from build_info
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE =
export DO_NOT_TRACK = 1
# `make check` alone runs the conventions; in `make check test-all` they run once, with the other tests.
CONVENTIONS := $(if $(filter test test-all,$(MAKECMDGOALS)),,$(BIN)/pytest --quick -q tests/conventions)
REFRESH_FLAGS := $(if $(SOURCE),--source '$(SOURCE)') $(if $(WAREHOUSE),--warehouse '$(WAREHOUSE)')

.PHONY: help warehouse query report status test test-all check format bench docs lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

warehouse: .venv/ready  ## set everything up and refresh the warehouse (SOURCE=... for a real archive)
	$(BIN)/beehive refresh $(REFRESH_FLAGS)
	$(BIN)/beehive status $(if $(WAREHOUSE),--warehouse '$(WAREHOUSE)')

query: .venv/ready  ## ask the warehouse: make query SQL="select ..."
	$(BIN)/beehive query $(if $(WAREHOUSE),--warehouse '$(WAREHOUSE)') "$(SQL)"

report: .venv/ready  ## the picture of the archive as one web page, report.html in the warehouse folder
	$(BIN)/beehive report $(if $(WAREHOUSE),--warehouse '$(WAREHOUSE)')

status: .venv/ready  ## what is published, how fresh and how good
	$(BIN)/beehive status $(if $(WAREHOUSE),--warehouse '$(WAREHOUSE)')

test: .venv/ready  ## the quick tests: under three minutes, without a network
	$(BIN)/pytest --quick --numprocesses auto

test-all: .venv/ready  ## all tests
	$(BIN)/pytest --numprocesses auto

check: .venv/ready  ## formatting, lint, types, SQL lint and conventions
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/sqlfluff lint --disable-progress-bar --processes 2 sql
	$(CONVENTIONS)

format: .venv/ready  ## format Python and SQL
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/sqlfluff fix --disable-progress-bar --processes 2 sql

bench: .venv/ready  ## measure: full refresh, nothing new, small sync, beside floors and a naive script (SOURCE=... an archive)
	$(BIN)/python -m tests.bench $(if $(SOURCE),--source '$(SOURCE)')

docs: .venv/ready  ## write sql/DICTIONARY.md and the diagrams of docs/schema.md again
	$(BIN)/python -m flows.serve.dictionary

lock: .venv/ready  ## resolve requirements.lock anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --extra dev --output-file requirements.lock pyproject.toml

clean:  ## remove what is built, but for .venv
	rm -rf warehouse/*.duckdb* warehouse/report.html warehouse/superset.zip warehouse/parquet* warehouse/builds warehouse/archives warehouse/tmp \
		warehouse/published.json warehouse/writer.*

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		--requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch .venv/ready
