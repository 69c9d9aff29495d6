# What people and CI do with this repository; `make` alone lists it. Nothing here needs a cluster; root only an image by --debootstrap.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
# What a lock file names and nothing else. No sdists: they would bring build requirements that no hash covers.
INSTALL := $(PIP) install --no-deps --require-hashes --only-binary :all:
# This checkout itself; its build backend comes out of the lock.
INSTALL_SELF := $(PIP) install --no-deps --no-build-isolation --no-index --editable .
PYTEST := $(BIN)/python -m pytest
# What measures has a virtualenv of its own: what is measured has only what the program needs, and little besides.
BENCH := build/bench-venv
MEASURE := PYTHONPATH=app:hack $(BENCH)/bin/python -m

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help run cluster test test-quick lint format docs conformance bootstrap fuzz bench profile image record lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run  ## a webhook on this machine, judging a few objects; no cluster needed
	@exec $(BIN)/python hack/run.py $(RUN_ARGS)

cluster: $(VENV)/run  ## a real API server on this machine that asks the webhook; built once, which takes minutes
	@exec $(BIN)/python hack/cluster.py $(CLUSTER_ARGS)

# The control plane is built, once, while the other tests run; those that need it come last, and wait for it. However
# this ends, the build ends with it: what it has finished is kept.
test: lint  ## everything that must hold: lint, then all tests, conformance and a real API server included
	@nice $(BIN)/python hack/control-plane build >/dev/null & building=$$!; \
	trap 'kill $$building 2>/dev/null; wait $$building' EXIT; trap 'exit 130' INT; trap 'exit 143' TERM; \
	fixtures=$$($(PYTHON) hack/conformance-fixtures) && POD_SECURITY_FIXTURES="$$fixtures" $(PYTEST) $(TEST_ARGS)

test-quick: $(VENV)/dev  ## unit tests only: no network, under a minute
	@$(PYTEST) --numprocesses auto -m "not service and not conformance and not e2e and not image and not fuzz"

lint: $(VENV)/dev  ## style, types and the direction of imports
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy
	@PYTHONPATH=.:app $(BIN)/lint-imports --no-logo

format: $(VENV)/dev  ## rewrite the sources in the house's format
	@$(BIN)/ruff check --quiet --fix-only
	@$(BIN)/ruff format

docs: $(VENV)/dev  ## rewrite what docs/ has of the code: policies, commands, schema
	@$(BIN)/python hack/docs

conformance: $(VENV)/run  ## our verdicts on upstream's pod-security fixtures (SUITE=FILE: on another copy)
	@fixtures=$$($(PYTHON) hack/conformance-fixtures) && exec $(BIN)/python hack/conformance.py "$$fixtures"

bench: $(BENCH)/made  ## what a review costs, beside a bare endpoint and a real API server; a scan (BENCH_ARGS=--help)
	@exec env $(MEASURE) bench $(BENCH_ARGS)

profile: $(BENCH)/made  ## where the time of a review goes: a flame graph (PROFILE_ARGS=--help)
	@exec env $(MEASURE) bench.profile $(PROFILE_ARGS)

image:  ## the image, into dist/; needs buildah (IMAGE_ARGS=--debootstrap where no registry is reachable, as root)
	@exec $(PYTHON) hack/image $(IMAGE_ARGS)

bootstrap: $(VENV)/run  ## the roles that an empty cluster has, as a real API server has them today
	@$(BIN)/python hack/bootstrap

fuzz: $(VENV)/run  ## a million damaged reviews, held against a second opinion (FUZZ_ARGS='--count 20000 --seed 1')
	@PYTHONPATH=hack exec $(BIN)/python -m fuzz $(FUZZ_ARGS)

record: $(VENV)/run  ## the recorded reviews, as a real API server sends them today
	@$(BIN)/python hack/record.py

lock:  ## the lock files, after a change of pyproject.toml (hack/lock --upgrade: the newest of everything)
	@$(PYTHON) hack/lock

clean:  ## remove what the targets above have made here
	@rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find app hack policies tests -name __pycache__ -type d -prune -exec rm -rf {} +

define NEW_VENV
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is not Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtualenvs; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(@D)
endef

# A changed lock makes a new virtualenv: pip would leave in it what the lock no longer names.
$(VENV)/made: requirements/build.lock requirements/dev.lock requirements/run.lock
	$(NEW_VENV)
	@touch $@

$(BENCH)/made: requirements/bench.lock
	$(NEW_VENV)
	@echo "installing requirements/bench.lock into $(@D) (once)"
	@$(INSTALL:$(BIN)/%=$(@D)/bin/%) -r requirements/bench.lock
	@touch $@

$(VENV)/run: $(VENV)/made pyproject.toml
	@echo "installing requirements/run.lock into $(VENV) (once)"
	@$(INSTALL) -r requirements/build.lock -r requirements/run.lock
	@$(INSTALL_SELF)
	@$(PIP) check
	@touch $@

$(VENV)/dev: $(VENV)/made pyproject.toml
	@echo "installing requirements/dev.lock into $(VENV) (once)"
	@$(INSTALL) -r requirements/dev.lock
	@$(INSTALL_SELF)
	@$(PIP) check
	@touch $@ $(VENV)/run
