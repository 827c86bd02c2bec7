# CleanConnect: `make run` and `make test` work on a machine with Python 3.11+, make and apt, and nothing else.
.PHONY: help run test test-room lint format demo bench screenshots
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: .venv/run ## start everything on this machine; Ctrl-C stops it, the data stays in var/
	@$(BIN)/python -m cleanconnect.run

test: .venv/develop ## all tests, those in the browser too
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal

test-room: .venv/develop ## the tests of one room, without a browser: make test-room ROOM=quality
	@$(BIN)/python -m pytest --quiet -m "not browser" $(ROOM)

lint: .venv/develop ## style, the import contract, forgotten migrations, long subjects
	docs/commit_subjects.sh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check

format: .venv/develop ## write the code the way lint wants it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

demo: .venv/run ## load the demo company
	$(BIN)/python manage.py demo

bench: .venv/develop ## measure the work orders at 2,000 and 200,000 (docs/measurements.md)
	$(BIN)/python -m bench

screenshots: .venv/develop ## make the pictures of the README anew
	$(BIN)/python -m docs.screenshots

# The virtual environment, made anew when what it holds has changed.
.venv/run: requirements.txt
	@deploy/system-packages.sh run
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/develop: .venv/run requirements-dev.txt
	@deploy/system-packages.sh test
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
