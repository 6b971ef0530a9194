# make demo | test | check | bench | venv | clean | distclean
#
# Needs Python 3.11 or newer. `make PYTHON=/path/to/python` chooses one; without that the first of
# python3, python3.13, python3.12 and python3.11 that is new enough is taken.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip install -qq --disable-pip-version-check
CANDIDATES := $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11)

# An environment installed from another folder runs that folder's code: a copied tree installs anew.
HERE := $(shell pwd | cksum | cut -d ' ' -f 1)
RUNTIME := $(VENV)/.runtime-$(HERE)
DEV := $(VENV)/.dev-$(HERE)

# Without a Python that runs, all that was installed beside it has to be installed again.
ifneq ($(shell test -x $(RUN) && echo runs),runs)
.PHONY: $(RUN)
endif

DEMO := out/demo
GRADED := out/demo-graded

.PHONY: help demo test check lint bench venv clean distclean

help:
	@echo "make demo       build the sample exam and grade the sample answers"
	@echo "make test       run all tests"
	@echo "make check      formatting, lint, types and all tests"
	@echo "make bench      measure the speed of every part"
	@echo "make venv       set up $(VENV) for development"
	@echo "make clean      remove the demo and all caches (distclean: and $(VENV))"

demo: $(RUNTIME)
	@rm -rf $(DEMO) $(GRADED)
	@$(VENV)/bin/examgen build samples/exam.yaml --roster samples/roster.csv -o $(DEMO)
	@$(VENV)/bin/grader report samples/answers.csv --manifest $(DEMO)/instructor/manifest.json -o $(GRADED)
	@echo
	@echo "Papers, one a student:   $(DEMO)/students/"
	@echo "All papers in one file:  $(DEMO)/print/"
	@echo "Solutions and key:       $(DEMO)/instructor/"
	@echo "Blank answer sheet:      $(DEMO)/answers.csv"
	@echo "Marks, answer by answer: $(GRADED)/grades.csv, $(GRADED)/details.csv"
	@echo "Report on the exam:      $(GRADED)/report.html"
	@echo "A page for each student: $(GRADED)/feedback/"
	@echo "To practise the same:    $(VENV)/bin/examgen practice --web"

test: $(DEV)
	@$(RUN) -m pytest -n auto

lint: $(DEV)
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy

check: lint test

bench: $(DEV)
	@for script in bench/bench_*.py; do $(RUN) $$script || exit 1; done

venv: $(DEV)
	@echo "$(VENV) is ready"

clean:
	@rm -rf $(DEMO) $(GRADED) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name $(VENV) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean
	@rm -rf $(VENV)

# What the programs need, and what their tests need besides; made again when pyproject.toml changed.
$(RUNTIME): pyproject.toml $(RUN)
	@echo "Installing examgen into $(VENV) (once) ..."
	@$(PIP) 'pip>=25.1'
	@$(PIP) -e .
	@touch $@

$(DEV): pyproject.toml $(RUN)
	@echo "Installing examgen and its development tools into $(VENV) (once) ..."
	@$(PIP) 'pip>=25.1'
	@$(PIP) -e . --group dev
	@touch $(RUNTIME) $@

$(RUN):
	@for python in $(CANDIDATES); do \
	  if "$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	  then exec "$$python" -m venv --clear $(VENV); fi; \
	done; \
	echo 'examgen needs Python 3.11 or newer with venv and pip: install it (Debian: apt install' \
	  'python3-venv), or name it: make PYTHON=/path/to/python'; exit 1
