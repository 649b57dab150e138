# Everything a newcomer needs: only Python >= 3.11 and make have to be there; the rest is put into .venv.
.DEFAULT_GOAL := help
.PHONY: help demo test browser verify coverage bench golden clean

# The first interpreter that is new enough; `make PYTHON=/path/to/python3.12 ...` names another one.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
# Where it is set, each of the hundred processes that the tests start would read all sources anew.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

help: ## print this help
	@echo 'supportsim: who waits, what is promised, what it costs'
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r target words; do \
		printf '%-14s %s\n' "$$target" "$$words"; done

demo: .venv/installed ## install, play a software company's desk four ways, print who waits and a verdict
	@$(BIN)/python -m supportsim.show.demo

# What is compiled once, by two processes; else each process of the tests would compile all of it.
COMPILING := $(BIN)/python -c 'import supportsim.engine.kernel, supportsim.measure.tally, supportsim.measure.crowding' & \
	$(BIN)/python -c 'import supportsim.engine.doors' &

test: .venv/developing browser ## everything that must hold before a change goes in: ruff, mypy, pytest
	$(BIN)/ruff check .
	$(COMPILING) $(BIN)/mypy && wait
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder
	SUPPORTSIM_PLAIN=1 $(BIN)/pytest tests/engine/stories

# The tests look at the report in a Chromium of the system; nothing is installed where there is one.
browser: ## a Chromium for the tests of the report, where apt-get can bring one
	@for program in chromium chromium-browser google-chrome google-chrome-stable; do \
		command -v $$program >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo 'installing chromium, to look at the report in a browser (once)'; \
		export DEBIAN_FRONTEND=noninteractive; \
		get='apt-get -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=20'; \
		$$get update && $$get install --no-install-recommends chromium fonts-dejavu-core >/dev/null && exit 0; \
	fi; \
	echo 'no chromium here: the tests of the report in a browser will be skipped'

verify: .venv/developing ## compare with every exact result, run the longer tests, plant faults that must be noticed
	$(BIN)/supportsim verify
	$(BIN)/pytest -m slow
	$(BIN)/python tests/seeded_bugs.py

coverage: .venv/developing ## branches of the floors scenario and engine that tests reach; fails below 95 %
	SUPPORTSIM_PLAIN=1 $(BIN)/coverage run -m pytest tests/engine tests/scenario
	$(BIN)/coverage report

bench: .venv/developing ## contacts per second, beside a C++ program where there is a compiler
	$(BIN)/python benchmarks/bench.py

golden: .venv/developing ## store the small results of every shipped scenario again, on purpose
	$(BIN)/python tests/golden.py

clean: ## remove what was made: .venv, caches, results
	rm -rf .venv results build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer is needed; name one: make PYTHON=/path/to/python3' >&2; exit 1; }
	@echo 'making .venv with $(PYTHON)'
	@$(PYTHON) -m venv .venv || { echo 'no venv here: on Debian and Ubuntu, apt install python3-venv' >&2; \
		rm -rf .venv; exit 1; }

# The stamps: nothing is installed again until pyproject.toml changes.
.venv/installed: pyproject.toml | .venv/bin/python
	@echo 'installing supportsim and its libraries into .venv (a minute or two, once)'
	@$(PIP) install --editable .
	@touch $@

.venv/developing: pyproject.toml | .venv/bin/python
	@echo 'installing supportsim and its tools for development into .venv (a minute or two, once)'
	@$(PIP) install --upgrade 'pip>=25.1'
	@$(PIP) install --editable . --group dev
	@touch $@ .venv/installed
