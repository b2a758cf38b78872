# Needs Python 3.10 or later with venv, and make. Everything else is installed into .venv.
PYTHON ?= python3
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
LOCKS := requirements-build.lock requirements-dev.lock
# Keyed on what is installed and where: another lock, another entry point or a moved checkout is another stamp.
STAMP := $(VENV)/.installed-$(shell (cat Makefile $(LOCKS) setup.py; pwd) | cksum | cut -d' ' -f1)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet install --no-warn-script-location
# The locks name every package with its hashes, so pip resolves nothing and takes nothing else.
LOCKED := --require-hashes --no-deps
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.10 --no-emit-index-url \
	--custom-compile-command "make lock"
# Two processes share the files of the tests, each with services of its own. Heavy files come first (tests/conftest.py).
IN_TWO := --numprocesses=2 --dist=loadfile --no-loadscope-reorder
# Tests start many processes, and each reads its modules sooner where they are compiled once.
unexport PYTHONDONTWRITEBYTECODE
# CKAN's own image has CKAN and what CKAN asks for.
IN_CKAN_IMAGE := 'import re, importlib.metadata as m; \
	print(*sorted({"--no-emit-package=" + re.match(r"[\w.-]+", r)[0] for r in ["ckan", *m.requires("ckan")]}))'
# CKAN loads the C library libmagic by name. Where the machine has none, every start of this Python loads the wheel's
# copy first, and the name finds it.
OWN_LIBMAGIC = $(BIN)/python -c 'import sysconfig; home = sysconfig.get_path("purelib"); \
	wheel = home + "/pylibmagic"; open(home + "/libmagic.pth", "w").write("import ctypes, os; \
	os.environ.setdefault(\"MAGIC\", %r); ctypes.CDLL(%r)\n" % (wheel + "/magic.mgc", wheel + "/libmagic.so.1"))'

.DEFAULT_GOAL := help
.PHONY: help setup demo test quick coverage nightly soak check evaluation bench-rdf bench-harvest bench-links bench-score profile-harvest format docs lock clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  make %-15s %s\n' "$$name" "$$text"; done
	@echo 'Options go into ARGS, another interpreter into PYTHON: make demo ARGS="--port 8080" PYTHON=python3.12'

setup: $(STAMP) ## Make .venv with everything installed; quick where that is done

demo: setup ## Run the catalogue with a US and a UK source harvested into it; Ctrl-C ends it
	@exec $(BIN)/aivision up --demo $(ARGS)

test: setup ## Run the tests, or some: make test ARGS="-k licences"
	@$(BIN)/python -m pytest $(ARGS)

quick: setup ## Run what needs no service, browser or corpus; one to two minutes
	@$(BIN)/python -m pytest -m "pure and not long" $(IN_TWO) $(ARGS)

coverage: setup ## Run the tests and print which lines of the package none of them reaches
	@$(BIN)/python -m pytest --cov --cov-report=term $(IN_TWO) $(ARGS)

nightly: setup ## Run every test, with the long ones of `nightly` and a thousand cuts; some hours
	@AIVISION_CUTS=1000 $(BIN)/python -m pytest --nightly $(IN_TWO) $(ARGS)

soak: setup ## Count large harvests, cut them off at random instants, read from portals at fault; some hours
	@AIVISION_SCALE_RECORDS=100000 AIVISION_SOAK_RECORDS=20000 AIVISION_SOAK_KILLS=20 AIVISION_FAULT_RECORDS=20000 \
		$(BIN)/python -m pytest --nightly -rP $(patsubst %,tests/catalogue/test_%.py,scale resume faults) $(ARGS)

check: setup ## Check style, types and the rooms' walls
	@status=0; for tool in "ruff check --quiet ." "ruff format --check --quiet ." mypy "lint-imports --no-logo"; do \
		echo "$$tool"; $(BIN)/$$tool || status=1; done; exit $$status

evaluation: setup ## Write what the rubric says of the corpus of real metadata into docs/evaluation.md
	@$(BIN)/python -m bench.evaluation $(ARGS)

bench-rdf: setup ## Measure the reading of RDF against rdflib and ckanext-dcat
	@$(BIN)/python -m bench.rdf $(ARGS)

bench-harvest: setup ## Measure harvests against ckanext-harvest with ckanext-dcat; some 15 minutes
	@$(BIN)/python -m bench.harvest $(ARGS)
	@$(BIN)/python -m bench.table

bench-links: setup ## Measure the checking of links against hosts on the loopback network
	@$(BIN)/python -m bench.links $(ARGS)
	@$(BIN)/python -m bench.table

bench-score: setup ## Measure evaluating: a core, all cores, memory; some 15 minutes
	@$(BIN)/python -m bench.score $(ARGS)
	@$(BIN)/python -m bench.table

profile-harvest: setup ## Measure where the time of a harvest goes
	@$(BIN)/python -m bench.profile_harvest $(ARGS)
	@$(BIN)/python -m bench.table

format: setup ## Put the code into the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: setup ## Write docs/reference and docs/criteria anew from what they describe
	$(BIN)/python docs/generate.py

lock: setup ## Write the lock files anew, with the newest versions that setup.py allows
	@$(PIP) 'uv>=0.9'
	$(COMPILE) --upgrade setup.py requirements.in --extra catalogue -o requirements.lock
	$(COMPILE) --upgrade setup.py -c requirements.lock -o requirements-linter.lock
	$(COMPILE) --upgrade requirements-build.in -c requirements.lock -o requirements-build.lock
	$(COMPILE) --upgrade setup.py requirements.in --extra catalogue --extra dev -c requirements.lock -c requirements-build.lock \
		-o requirements-dev.lock
	$(COMPILE) --upgrade setup.py --extra catalogue -c requirements.lock --override docker/not-in-image.txt \
		$$($(BIN)/python -c $(IN_CKAN_IMAGE)) -o docker/requirements.lock

clean: ## Remove .venv and everything built; the catalogue's data stay
	rm -rf $(VENV) build dist ckanext-aivision/*.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "Python 3.10 or later is needed; name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV) || \
		{ echo "$(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing into $(VENV): some minutes the first time"
	@$(PIP) $(LOCKED) -r requirements-build.lock
	@$(PIP) $(LOCKED) --no-build-isolation -r requirements-dev.lock
	@$(PIP) --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -c 'import magic' 2>/dev/null || { $(OWN_LIBMAGIC) && $(BIN)/python -c 'import magic' 2>/dev/null; } || \
		{ echo "CKAN needs the C library libmagic; on Debian: apt-get install libmagic1" >&2; exit 1; }
	@rm -f $(VENV)/.installed-*
	@touch $@
