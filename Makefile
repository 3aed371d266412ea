SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# The first interpreter that is new enough; `make PYTHON=/path/to/python3.12 ...` overrides it.
PYTHON ?= $(shell for candidate in python3 python3.11 python3.12 python3.13 python3.14; do \
	"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$$candidate" && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
PAGE := tests/preview/page
ARGS ?=
WORKERS ?= 4# most tests wait for servers that start, scrape or stop: more than a small machine has cores

.PHONY: help demo venv generate check tools test test-slow test-demo mutation drill lint bench docs grafana-schema preview preview-sample chromium clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' \
		| while IFS='|' read -r target does; do printf '  make %-14s %s\n' "$$target" "$$does"; done

generate: .venv/.core ## Write alerts, dashboards and runbooks from watchbill.yaml
	@$(BIN)/watchbill generate $(ARGS) watchbill.yaml

check: .venv/.core ## Fail when a generated file differs from what watchbill.yaml says
	@$(BIN)/watchbill generate --check $(ARGS) watchbill.yaml

demo: .venv/.demo ## Run the whole stack on the loopback, with a simulated platform: ARGS="--port-base 9460 --minutes 5 --keep"
	@missing=; for tool in prometheus promtool prometheus-alertmanager; do command -v "$$tool" >/dev/null || missing=yes; done
	[ -z "$$missing" ] || [ -f .tools/manifest.json ] || command -v alertmanager >/dev/null || $(BIN)/python -m lab.toolchain.fetch
	exec $(BIN)/python -m compose.demo $(ARGS)

test: .venv/.dev .tools/manifest.json ## Run the tests on every tool version available, but for the slow ones
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "not slow and not mutation and not demo and not drill" $(ARGS)

test-slow: .venv/.dev .tools/manifest.json ## Run the tests that take minutes
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "slow and not demo and not drill" $(ARGS)

test-demo: .venv/.dev .tools/manifest.json ## Run the tests that start the whole demo; all of them: ARGS="-m demo"
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "demo and not slow" tests/compose $(ARGS)

mutation: .venv/.dev .tools/manifest.json ## Mutate the generated rules; their generated tests must notice
	@$(BIN)/python -m pytest -s -m mutation $(ARGS) tests/mutation

drill: .venv/.dev .tools/manifest.json ## Fire every alert of the reference bundle live
	@$(BIN)/python -m pytest -s -m drill $(ARGS) tests/live

lint: .venv/.dev ## Check style, types and layers
	@$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: .venv/.bench .tools/manifest.json ## Measure rule cost, accuracy and speed against others
	@$(BIN)/python -m benchmarks $(ARGS)

grafana-schema: tests/grafana/node_modules/.installed ## Derive the schema of dashboards from Grafana's npm packages
	@node tests/grafana/derive.mjs

preview: .venv/.dev chromium $(PAGE)/node_modules/.page/index.html ## Draw dashboards on a Prometheus: ARGS="dashboards/*.json --prometheus URL --out FOLDER"
	@$(BIN)/python -m tests.preview $(ARGS)

preview-sample: .venv/.dev .tools/manifest.json chromium $(PAGE)/node_modules/.page/index.html ## Draw every panel type on synthetic data into .preview
	@$(BIN)/python -m tests.preview.sample .preview

docs: .venv/.dev ## Regenerate the reference pages
	@$(BIN)/python -m tests.docs $(ARGS)

tools: .tools/manifest.json ## Fetch Prometheus and Alertmanager in several versions (`make -B tools` tries again)

venv: .venv/.dev ## Set up the virtual environment for development

clean: ## Remove the virtual environment, the fetched tools and all caches
	@rm -rf .venv .tools dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .preview tests/grafana/node_modules $(PAGE)/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

chromium:
	@for browser in "$${CHROMIUM:-}" chromium chromium-browser google-chrome; do
		[ -z "$$browser" ] || ! command -v "$$browser" >/dev/null || exit 0
	done
	sudo=; [ "$$(id -u)" = 0 ] || sudo="$$(command -v sudo || true)"
	if ! command -v apt-get >/dev/null || { [ "$$(id -u)" != 0 ] && [ -z "$$sudo" ]; }; then
		echo 'Chromium is needed: install it, or set CHROMIUM to the path of yours, then run make again.' >&2
		exit 1
	fi
	echo 'installing chromium'
	$$sudo apt-get -qq update
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends chromium >/dev/null

.tools/manifest.json: lab/toolchain/__init__.py lab/toolchain/apt.py lab/toolchain/fetch.py
	@py='$(PYTHON)'
	[ -n "$$py" ] || { echo 'Python 3.11 or newer is needed and was not found on PATH.' >&2; exit 1; }
	"$$py" -m lab.toolchain.fetch

$(PAGE)/node_modules/.page/index.html: $(PAGE)/node_modules/.installed $(shell find $(PAGE) -name node_modules -prune -o -type f -print)
	@echo 'building the page of the preview'
	npm run --silent --prefix $(PAGE) build

%/node_modules/.installed: %/package.json
	@command -v npm >/dev/null || { echo 'Node.js 20.19 or newer with npm is needed and was not found on PATH.' >&2; exit 1; }
	echo 'installing $*/package.json into $*/node_modules'
	npm install --prefix $* --silent --no-package-lock --no-fund --no-audit --ignore-scripts
	touch $@

.venv/.core: pyproject.toml constraints.txt | .venv/bin/python
	@echo 'installing watchbill into .venv'
	$(PIP) --editable .
	touch $@

.venv/.dev: .venv/.core
	@echo 'installing what the tests need into .venv'
	$(PIP) --editable '.[dev,demo,genai,workers]'
	touch $@

.venv/.demo: .venv/.core
	@echo 'installing what the demo needs into .venv'
	$(PIP) --editable '.[demo]'
	touch $@

.venv/.bench: .venv/.dev
	@echo 'installing what the benchmarks compare with into .venv'
	$(PIP) --editable '.[dev,demo,genai,workers,bench]'
	touch $@

.venv/bin/python:
	@py='$(PYTHON)'
	[ -n "$$py" ] || { echo 'Python 3.11 or newer is needed and was not found on PATH.' >&2; exit 1; }
	if ! "$$py" -c 'import ensurepip, venv' 2>/dev/null; then
		package="$$("$$py" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
		sudo=; [ "$$(id -u)" = 0 ] || sudo="$$(command -v sudo || true)"
		if command -v apt-get >/dev/null && { [ "$$(id -u)" = 0 ] || [ -n "$$sudo" ]; }; then
			echo "installing $$package"
			$$sudo apt-get -qq update
			$$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends "$$package" >/dev/null
		else
			echo "$$py cannot make virtual environments: install its venv module" >&2
			echo "(on Debian and Ubuntu, as root: apt-get install $$package), then run make again." >&2
			exit 1
		fi
	fi
	echo "setting up .venv with $$("$$py" --version)"
	"$$py" -m venv --clear .venv
