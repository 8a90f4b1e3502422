# Patuh. `make help` says what there is. Needs Python 3.11 or newer, make and git; everything else it gets itself.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
# Modules are compiled once and kept: a process then starts in a third of the time, and the tests start hundreds.
export PYTHONDONTWRITEBYTECODE :=
TRANSLATION := compliance/translations/en/LC_MESSAGES/messages

.PHONY: help install run test quick check format translations pins guide pages bench clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

install: .venv/.run $(TRANSLATION).mo ## only the virtual environment .venv

run: install ## demo data, http://127.0.0.1:8000 with the scheduler running
	@$(BIN)/flask db upgrade
	@PATUH_BASE_URL=http://127.0.0.1:$(PORT) $(BIN)/flask demo --unless-filled
	@PATUH_EMBED_SCHEDULER=1 PATUH_BASE_URL=http://127.0.0.1:$(PORT) $(BIN)/gunicorn --workers 1 --threads 8 \
		--no-control-socket --bind 127.0.0.1:$(PORT) --log-level warning wsgi:app

test: .venv/.dev $(TRANSLATION).mo ## the whole test suite, on SQLite and PostgreSQL, in a real browser
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

quick: .venv/.dev $(TRANSLATION).mo ## the tests on one store, without a browser and without other processes
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -k "not postgresql" -m "not browser and not processes" --ignore tests/journeys $(ARGS)

check: .venv/.dev $(TRANSLATION).mo ## formatting, lint, types, templates, the ladder of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/lint-imports

format: .venv/.dev ## format the code
	$(BIN)/ruff check --fix-only --quiet . ; $(BIN)/ruff format .

translations: .venv/.dev ## collect the sentences of pages and code into the English catalogue
	$(BIN)/pybabel -q extract -F pyproject.toml -k say -k say_many:1,1 -k _ --no-location --sort-output --omit-header -o $(TRANSLATION).pot .
	$(BIN)/pybabel -q update -i $(TRANSLATION).pot -o $(TRANSLATION).po -l en --no-fuzzy-matching --ignore-obsolete --no-wrap
	@rm -f $(TRANSLATION).pot

pins: .venv/.dev ## pin the dependencies of pyproject.toml anew, with hashes
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group dev pyproject.toml -o requirements-dev.txt

guide: .venv/.dev $(TRANSLATION).mo ## walk the user guides and write docs/guide with new pictures
	$(BIN)/python -m pytest tests/journeys/test_guides.py tests/journeys/test_guide_of_the_head.py --guide

pages: .venv/.dev $(TRANSLATION).mo ## measure every page and write docs/pages.md
	$(BIN)/python -m benchmarks.pages $(ARGS)

bench: .venv/.dev $(TRANSLATION).mo ## the speed goals beside bare programs, e.g. ARGS="--goals P1 --sizes 10k,100k,1M"
	@$(BIN)/python -m benchmarks $(ARGS)

clean: ## remove what make has made; the data under instance/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Patuh needs Python 3.11 or newer (make PYTHON=python3.12 …)"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv==0.13.8 || echo "uv is not to be had, pip will do"

.venv/.run: requirements.txt | .venv/bin/python
	@if [ -x $(BIN)/uv ]; then $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements.txt; \
		else $(BIN)/python -m pip install -q --require-hashes -r requirements.txt; fi
	@touch $@

.venv/.dev: requirements-dev.txt | .venv/bin/python
	@if [ -x $(BIN)/uv ]; then $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements-dev.txt; \
		else $(BIN)/python -m pip install -q --require-hashes -r requirements-dev.txt; fi
	@touch $@ .venv/.run

%.mo: %.po | .venv/bin/python
	@$(BIN)/pybabel -q compile -i $< -o $@
