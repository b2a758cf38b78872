# Needs Python 3.10 or later with venv, and make. Everything else is installed into .venv.
PYTHON ?= python3
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
LOCKS := requirements-uv.lock requirements-build.lock requirements-dev.lock
# The stamp changes if the locks, the entry points or the location of the checkout change.
STAMP := $(VENV)/.installed-$(shell (cat Makefile $(LOCKS) setup.py; pwd) | cksum | cut -d' ' -f1)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet install --no-warn-script-location --no-compile
# uv installs in half of pip's time. It does not read pip's configuration, such as the address of a mirror.
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python
# pip compiles with one processor, and what packages have as tests too. Modules that are left out, or have a mistake,
# are compiled by the first program that imports them.
COMPILED := -q -q -j 0 -x '/tests?/|/site-packages/(kubernetes_validate|lib2to3)/' $(VENV)/lib
# The locks list every package with its hashes, so pip resolves nothing and installs nothing else.
LOCKED := --require-hashes --no-deps
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.10 --no-emit-index-url \
	--custom-compile-command "make lock"
# Two processes share the files of the tests, each with services of its own. Heavy files come first (tests/conftest.py).
IN_TWO := --numprocesses=2 --dist=loadfile --no-loadscope-reorder
# Tests start many processes, and each reads its modules sooner where they are compiled once.
unexport PYTHONDONTWRITEBYTECODE
# CKAN's own image has CKAN and its dependencies.
IN_CKAN_IMAGE := 'import re, importlib.metadata as m; \
	print(*sorted({"--no-emit-package=" + re.match(r"[\w.-]+", r)[0] for r in ["ckan", *m.requires("ckan")]}))'
# CKAN loads the C library libmagic by name. If the machine has none, this Python loads the copy in the wheel at every
# start, so that CKAN finds it.
OWN_LIBMAGIC = $(BIN)/python -c 'import sysconfig; home = sysconfig.get_path("purelib"); \
	wheel = home + "/pylibmagic"; open(home + "/libmagic.pth", "w").write("import ctypes, os; \
	os.environ.setdefault(\"MAGIC\", %r); ctypes.CDLL(%r)\n" % (wheel + "/magic.mgc", wheel + "/libmagic.so.1"))'

.DEFAULT_GOAL := help
.PHONY: help setup demo test whole quick coverage nightly soak check evaluation bench-rdf bench-harvest bench-national bench-links bench-score bench-pages bench-form bench-serve profile-harvest format docs messages lock clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  make %-15s %s\n' "$$name" "$$text"; done
	@echo 'Pass options in ARGS and another interpreter in PYTHON: make demo ARGS="--port 8080" PYTHON=python3.12'

setup: $(STAMP) ## Create .venv and install everything; quick if already done

demo: setup ## Run the catalogue with a US and a UK source harvested into it; Ctrl-C stops it
	@exec $(BIN)/aivision up --demo $(ARGS)

test: setup ## Run the tests, or some: make test ARGS="-k licences"
	@$(BIN)/python -m pytest $(ARGS)

whole: setup ## Run all tests, in three processes that share the files, as continuous integration does
	@$(BIN)/python -m tests.in_parallel files $(ARGS)

quick: setup ## Run the tests that need no service, browser or real corpus and are not long; about a minute
	@$(BIN)/python -m tests.in_parallel parts -q -m "pure and not long" $(ARGS)

coverage: setup ## Run the tests and print which lines of the package none of them reaches
	@$(BIN)/python -m pytest --cov --cov-report=term $(IN_TWO) $(ARGS)

nightly: setup ## Run every test in the order of the day, with all examples; takes hours
	@AIVISION_CUTS=1000 AIVISION_UPGRADE_RECORDS=20000 AIVISION_FUZZ_EXAMPLES=5 AIVISION_FUZZ_PHASES=examples,coverage,fuzzing $(BIN)/python -m pytest --nightly --shuffle=$$(date +%Y%m%d) $(IN_TWO) $(ARGS)

soak: setup ## Test large harvests, interruptions at random times, faulty portals and mirrors; takes hours
	@AIVISION_SCALE_RECORDS=100000 AIVISION_SOAK_RECORDS=20000 AIVISION_SOAK_KILLS=20 AIVISION_FAULT_RECORDS=20000 \
		AIVISION_SOAK_CHANGES=10000 \
		$(BIN)/python -m pytest --nightly -rP $(patsubst %,tests/catalogue/test_%.py,scale resume faults mirror) $(ARGS)

check: setup ## Check style, types and imports between packages
	@status=0; for tool in "ruff check --quiet ." "ruff format --check --quiet ." mypy "lint-imports --no-logo"; do \
		echo "$$tool"; $(BIN)/$$tool || status=1; done; exit $$status

evaluation: setup ## Evaluate the corpus of real metadata and write docs/evaluation.md
	@$(BIN)/python -m bench.evaluation $(ARGS)

bench-rdf: setup ## Benchmark reading RDF against rdflib and ckanext-dcat
	@$(BIN)/python -m bench.rdf $(ARGS)

bench-harvest: setup ## Benchmark harvests against ckanext-harvest with ckanext-dcat; about 15 minutes
	@$(BIN)/python -m bench.harvest $(ARGS)
	@$(BIN)/python -m bench.table

bench-national: setup ## Harvest as many datasets as a country has, again, with changes and after a kill; about two hours
	@$(BIN)/python -m bench.national $(ARGS)
	@$(BIN)/python -m bench.table

bench-links: setup ## Benchmark link checks against hosts on the loopback network
	@$(BIN)/python -m bench.links $(ARGS)
	@$(BIN)/python -m bench.table

bench-score: setup ## Benchmark evaluation: one core, all cores, formats, memory; about 25 minutes
	@$(BIN)/python -m bench.score $(ARGS)
	@$(BIN)/python -m bench.table

bench-pages: setup ## Benchmark the pages and snapshots at 23,207 and 575,000 datasets; takes an hour the first time
	@$(BIN)/python -m bench.pages $(ARGS)
	@$(BIN)/python -m bench.table

bench-form: setup ## Benchmark the score while typing, saves, the work list and one fix for many datasets; about 10 minutes
	@$(BIN)/python -m bench.form $(ARGS)
	@$(BIN)/python -m bench.table

bench-serve: setup ## Benchmark giving out metadata against ckanext-dcat; needs the catalogue of bench-pages; about 10 minutes
	@$(BIN)/python -m bench.serve $(ARGS)
	@$(BIN)/python -m bench.table

profile-harvest: setup ## Profile a harvest
	@$(BIN)/python -m bench.profile_harvest $(ARGS)
	@$(BIN)/python -m bench.table

format: setup ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: setup ## Generate docs/reference and docs/criteria
	$(BIN)/python -m docs.generate

messages: setup ## Extract the texts of pages and update the translations in i18n/
	@$(BIN)/python -m ckanext.aivision.translation

lock: setup ## Update the lock files to the newest versions that setup.py allows
	$(COMPILE) --upgrade setup.py requirements.in --extra catalogue -o requirements.lock
	$(COMPILE) --upgrade setup.py -c requirements.lock -o requirements-linter.lock
	$(COMPILE) --upgrade requirements-uv.in -o requirements-uv.lock
	$(COMPILE) --upgrade requirements-build.in -c requirements.lock -o requirements-build.lock
	$(COMPILE) --upgrade setup.py requirements.in --extra catalogue --extra dev -c requirements.lock -c requirements-build.lock \
		-o requirements-dev.lock
	$(COMPILE) --upgrade --python-version 3.11 requirements-fuzz.in -o requirements-fuzz.lock
	$(COMPILE) --upgrade requirements-audit.in -o requirements-audit.lock
	$(COMPILE) --upgrade setup.py --extra catalogue -c requirements.lock --override docker/not-in-image.txt \
		$$($(BIN)/python -c $(IN_CKAN_IMAGE)) -o docker/requirements.lock

clean: ## Remove .venv and build files; the catalogue's data are kept
	rm -rf $(VENV) build dist ckanext-aivision/*.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "Python 3.10 or later is needed; choose one: make PYTHON=python3.12" >&2; exit 1; }
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV) || \
		{ echo "$(PYTHON) cannot create a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing into $(VENV): takes a few minutes the first time"
	@$(PIP) $(LOCKED) -r requirements-uv.lock -r requirements-build.lock
	@$(UV) $(LOCKED) --no-build-isolation -r requirements-dev.lock || { echo "uv cannot install them; pip tries" >&2; \
		$(PIP) $(LOCKED) --no-build-isolation -r requirements-dev.lock; }
	@$(PIP) --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall $(COMPILED) || true
	@$(BIN)/python -c 'import magic' 2>/dev/null || { $(OWN_LIBMAGIC) && $(BIN)/python -c 'import magic' 2>/dev/null; } || \
		{ echo "CKAN needs the C library libmagic; on Debian: apt-get install libmagic1" >&2; exit 1; }
	@rm -f $(VENV)/.installed-*
	@touch $@
