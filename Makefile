# The hub's chores. `make` alone lists them.
PYTHON ?=
# Tests run side by side, a file at a time: much of their time is waiting for servers and browsers.
JOBS ?= 3
BIN = .venv/bin
export PYTHON

# H015: white space is the formatter's business; H043: a button in a form submits it, which is what they are for;
# J018: addresses are promises (docs/reference), not names of functions
TEMPLATES_MAY = H015,H043,J018

.DEFAULT_GOAL := help
.PHONY: help run test quick nightly lint lock assets docs bench migration ci-parts clean

help: ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## /make \1: /p' Makefile

run: .venv/installed-run ## start a hub with a demo world at http://localhost:8000 (HUB_PORT, HUB_DATA)
	@HUB_DATA=$${HUB_DATA:-.demo} $(BIN)/hub demo

test: .venv/installed-test ## run every test (ARGS="-k policy" for some)
	@$(BIN)/pytest -n $(JOBS) --dist loadfile $(ARGS)

quick: .venv/installed-test ## run the everyday tests in three minutes: no server, no browser, nothing long
	@$(BIN)/pytest -n $(JOBS) --dist loadfile --quick $(ARGS)

nightly: .venv/installed-test ## the long drills: 50 killed hubs on each database, 2,000 power cuts, an hour of faults
	@HUB_TEST_ROUNDS=$${HUB_TEST_ROUNDS:-50} HUB_TEST_CRASHES=$${HUB_TEST_CRASHES:-2000} \
	  HUB_TEST_DOCUMENTS=$${HUB_TEST_DOCUMENTS:-20000} HUB_TEST_SOAK=$${HUB_TEST_SOAK:-60} $(BIN)/pytest -m nightly -s $(ARGS)

lint: .venv/installed-test ## check style, types, arrows between packages, and templates
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check . ; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/djlint --quiet --lint --profile jinja --ignore $(TEMPLATES_MAY) hub

lock: ## compile requirements/*.in to *.txt with hashes (UPGRADE=--upgrade for the newest)
	@tools/lock.sh $(UPGRADE)

assets: ## rebuild the style sheets and scripts (needs Node 20); commit what it writes
	@tools/assets.sh

docs: .venv/installed-test ## write docs/reference anew from the code; commit what it writes
	@$(BIN)/python tools/reference.py

bench: .venv/installed-test ## measure speed and memory, and print the ratios (ARGS="acl")
	@$(BIN)/python -m bench $(ARGS)

migration: .venv/installed-test ## write the next migration from the models (NAME="add a table of holds")
	@$(BIN)/python -m hub.ground.migrations.autogenerate "$(NAME)"

ci-parts: .venv/installed-test ## fetch what the tests need besides Python: Elasticsearch, Keycloak, the OpenID provider
	@$(BIN)/python tools/elasticsearch/server.py fetch
	@$(BIN)/python tools/keycloak/server.py fetch
	@for peer in tests/peers/*/package.json; do npm ci --prefix "$${peer%/*}" --no-audit --no-fund --ignore-scripts; done

clean: ## delete what was made here, but no data
	@rm -rf .venv .make .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.venv/installed-run: requirements/run.txt setup.cfg tools/venv.sh
	@[ -e .venv/installed-test ] && [ ! requirements/test.txt -nt .venv/installed-test ] && \
	  [ ! setup.cfg -nt .venv/installed-test ] || tools/venv.sh run
	@touch $@

.venv/installed-test: requirements/test.txt setup.cfg tools/venv.sh
	@tools/venv.sh test
	@touch $@
