# `make run` serves Descent, `make test` runs every check. Both first install what is missing, into .venv and node_modules.

HOST ?= 127.0.0.1
PORT ?= 8000

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt --build-constraint constraints.txt
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help
help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## /make \1	/p' $(MAKEFILE_LIST) | expand -t 20

.PHONY: run
run: $(VENV)/runtime ## serve Descent on HOST (127.0.0.1) and PORT (8000)
	@exec $(BIN)/descent serve --host "$(HOST)" --port "$(PORT)"

.PHONY: test
test: check browser redis ## every check and test
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal

.PHONY: coverage
coverage: $(VENV)/dev redis ## how much of app/ the tests without a browser execute, lines and branches; counting takes minutes
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal --cov --cov-report=term --ignore=tests/browser

.PHONY: check
check: $(VENV)/dev node_modules/.installed ## linters and type checks alone
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	node_modules/.bin/tsc --project tsconfig.json

.PHONY: format
format: $(VENV)/dev ## let ruff format the Python files, and links from the documentation follow the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/python -m tools.links

.PHONY: browser
browser: $(VENV)/dev
	@$(BIN)/python -m tools.browser

.PHONY: redis
redis: $(VENV)/dev
	@$(BIN)/python -m tools.redis_server

.PHONY: js-coverage
js-coverage: $(VENV)/dev browser ## how much of each module of the page the browser tests execute
	rm -rf test-results/js-coverage
	JS_COVERAGE=test-results/js-coverage $(BIN)/python -m pytest --numprocesses=2 tests/browser
	$(BIN)/python -m tests.browser.script_coverage test-results/js-coverage

.PHONY: fuzz
fuzz: $(VENV)/dev ## look much longer for calls that break the contract
	FUZZ_EXAMPLES=200 $(BIN)/python -m pytest tests/api/test_schemathesis.py tests/api/test_state_machine.py

.PHONY: bench
bench: $(VENV)/bench redis ## measure the engine against PyTorch, JAX and plain NumPy, which it installs
	$(BIN)/python -m pytest -o addopts=--import-mode=importlib -o python_files='bench_*.py' tests/benchmarks
	$(BIN)/python -m tests.benchmarks --markdown docs/performance.md --json docs/performance.json
	$(BIN)/python -m tests.benchmarks.page_first_plot

.PHONY: load
load: $(VENV)/dev ## play a class of 300 on this machine: times, errors, processor and memory, some minutes
	$(BIN)/python -m tests.load --markdown docs/load.md --json docs/load.json

.PHONY: faults
faults: $(VENV)/dev redis ## kill, stop, fill and cut off what Descent needs, and look whether anything is lost
	$(BIN)/python -m pytest -o addopts=--import-mode=importlib -o python_files='fault_*.py' tests/faults

.PHONY: screenshot
screenshot: $(VENV)/dev browser ## draw docs/screenshot.png anew
	$(BIN)/python -m tools.screenshot docs/screenshot.png

.PHONY: wheel
wheel: $(VENV)/dev ## build dist/*.tar.gz and from it dist/*.whl
	$(BIN)/python -m hatchling build --directory dist

.PHONY: containers
containers: $(VENV)/dev ## start both profiles of compose.yaml with a Docker engine, and kill what is in them
	$(BIN)/python -m tools.containers
	$(BIN)/python -m pytest -o addopts=--import-mode=importlib -o python_files='container_*.py' tests/containers

.PHONY: image
image: ## build the container image descent:latest
	docker build --tag descent .

.PHONY: lock
lock: ## pin today's releases of everything in constraints.txt
	tools/lock.sh

.PHONY: clean
clean: ## remove what was installed and built
	rm -rf $(VENV) node_modules dist test-results .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis

# What is installed, each with a file that says so and is as old as the installation.
$(VENV)/pip:
	@echo "Making a virtual environment in $(VENV) …"
	@tools/venv.sh $(VENV)
	@touch $@

$(VENV)/runtime: pyproject.toml constraints.txt $(VENV)/pip
	@echo "Installing Descent into $(VENV) …"
	@$(PIP) --editable .
	@touch $@

$(VENV)/dev: $(VENV)/runtime
	@echo "Installing what the tests need into $(VENV) …"
	@$(PIP) --editable '.[dev]'
	@touch $@

$(VENV)/bench: $(VENV)/dev
	@echo "Installing PyTorch, JAX and scikit-learn into $(VENV) …"
	@$(PIP) --editable '.[bench]'
	@touch $@

node_modules/.installed: package-lock.json $(VENV)/dev
	@echo "Installing the type checker of the page into node_modules …"
	@tools/npm.sh
	@touch $@
