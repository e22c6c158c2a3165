# The commands of this project; `make help` lists them.
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

test: .venv/ready-dev  ## run the quick tests
	$(BIN)/pytest --quick --numprocesses auto

test-all: .venv/ready-dev  ## run the slow tests, too
	$(BIN)/pytest --numprocesses auto

check: .venv/ready-dev  ## check formatting, lint, types, SQL lint and conventions
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/sqlfluff lint --disable-progress-bar --processes 2 sql
	$(CONVENTIONS)

format: .venv/ready-dev  ## format Python and SQL
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/sqlfluff fix --disable-progress-bar --processes 2 sql

bench: .venv/ready-dev  ## measure speed and memory on the archive SOURCE=...
	$(BIN)/python -m tests.bench $(if $(SOURCE),--source '$(SOURCE)')

docs: .venv/ready  ## regenerate sql/DICTIONARY.md and the diagrams of docs/schema.md
	$(BIN)/python -m flows.serve.dictionary

lock: .venv/whole  ## update requirements.lock from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --extra dev --output-file requirements.lock pyproject.toml

clean:  ## delete what was built, except .venv
	rm -rf warehouse/*.duckdb* warehouse/report.html warehouse/superset.zip warehouse/parquet* warehouse/builds warehouse/archives warehouse/tmp \
		warehouse/published.json warehouse/writer.*

# Set-up: pip installs uv, then uv installs what pyproject.toml names, all with the versions and hashes of requirements.lock.
# `ready` has what the commands need; `ready-dev` also has the developers' tools. `whole` is missing while uv installs, so
# that an interrupted set-up starts over. Where there is flock, one make waits until another has set up.
ifndef SETTING_UP
.PHONY: .venv/whole .venv/ready .venv/ready-dev
.venv/whole .venv/ready .venv/ready-dev:
	@$(if $(shell command -v flock),flock Makefile) $(MAKE) --silent SETTING_UP=1 $@
else
.venv/whole:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; v < (3, 11) and sys.exit("$(PYTHON) is Python %d.%d, but this project needs 3.11 or newer: make PYTHON=python3.11" % v)'
	@echo 'Setting up .venv; the first time, this downloads 250 MB or so'
	@$(PYTHON) -m venv --clear .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock \
		| $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement /dev/stdin \
		|| { echo 'pip could not install uv. If the network is down, run make again when it is back.' >&2; exit 1; }
	@touch $@

# uv does not read pip's settings, so pip's index is passed on. What is in uv's cache is installed without a network.
PIP_INDEX := $(BIN)/pip config list | sed -nE "s/^(:env:|global)\.index-url='(.*)'/\2/p" | head -n 1
UV_INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python
INSTALL = { $(UV_INSTALL) --require-hashes --constraint requirements.lock --requirement pyproject.toml $(EXTRA) \
	&& $(UV_INSTALL) --no-deps --build-constraint requirements.lock --editable .; }

.venv/ready-dev: EXTRA := --extra dev
.venv/ready .venv/ready-dev: .venv/whole requirements.lock pyproject.toml
	@rm .venv/whole; \
	export UV_DEFAULT_INDEX=$${UV_DEFAULT_INDEX:-$$($(PIP_INDEX))}; \
	(export UV_OFFLINE=1; $(INSTALL)) 2>/dev/null || $(INSTALL) || { touch .venv/whole; \
		echo 'uv could not set up .venv. If you changed dependencies in pyproject.toml, run make lock first.' >&2; exit 1; }
	@touch .venv/whole .venv/ready $@
endif
