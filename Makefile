# The commands of this project; `make help` lists them.
PYTHON ?= python3
SOURCE ?=
WAREHOUSE ?=
SQL ?= from build_info
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE =
export DO_NOT_TRACK = 1
REFRESH_FLAGS := $(if $(SOURCE),--source '$(SOURCE)') $(if $(WAREHOUSE),--warehouse '$(WAREHOUSE)')

.PHONY: help warehouse query report status test test-all check format bench docs lock clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

warehouse: .venv/ready  ## set up .venv and build the warehouse from the sample, or from SOURCE=...
	$(BIN)/beehive refresh $(REFRESH_FLAGS)
	$(BIN)/beehive status $(if $(WAREHOUSE),--warehouse '$(WAREHOUSE)')

query: .venv/ready  ## run SQL on the warehouse: make query SQL="select ..."
	$(BIN)/beehive query $(if $(WAREHOUSE),--warehouse '$(WAREHOUSE)') "$(SQL)"

report: .venv/ready  ## write report.html, the archive as one web page, to the warehouse folder
	$(BIN)/beehive report $(if $(WAREHOUSE),--warehouse '$(WAREHOUSE)')

status: .venv/ready  ## show what is published, how fresh and how good it is
	$(BIN)/beehive status $(if $(WAREHOUSE),--warehouse '$(WAREHOUSE)')

test: .venv/ready  ## run the tests
	$(BIN)/pytest --numprocesses auto --dist loadfile

check: .venv/ready  ## check formatting, lint, types, SQL lint and conventions
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --disable-progress-bar --processes 2 sql
	$(BIN)/pytest -q tests/conventions

format: .venv/ready  ## format Python and SQL
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/sqlfluff fix --disable-progress-bar --processes 2 sql

bench: .venv/ready  ## measure speed and memory on the archive SOURCE=...
	$(BIN)/python -m tests.bench $(if $(SOURCE),--source '$(SOURCE)')

docs: .venv/ready  ## regenerate sql/DICTIONARY.md, the diagrams of docs/schema.md and warehouse/semantic.yaml
	$(BIN)/python -m flows.dictionary
	$(BIN)/python -m flows.semantic

lock: .venv/ready  ## update requirements.lock from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --extra dev --output-file requirements.lock pyproject.toml

clean:  ## delete what was built, except .venv
	rm -rf warehouse/*.duckdb* warehouse/report.html warehouse/superset.zip warehouse/parquet* warehouse/builds warehouse/archives warehouse/tmp \
		warehouse/published.json warehouse/writer.*

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		--requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch .venv/ready
