# make help prints this list.
PYTHON ?= .venv/bin/python

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ —/'

.venv/ready: requirements-dev.lock pyproject.toml
	python3 -m venv .venv
	.venv/bin/pip install -q -r requirements-dev.lock -e .
	@touch $@

serve: .venv/ready  ## the application on this machine
	.venv/bin/assistant serve

check: static test  ## everything: formatting, linting, types, import contracts, content, tests

static: .venv/ready  ## formatting, linting, types, import contracts, content
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	$(PYTHON) -m assistant.knowledge.check
	$(PYTHON) -m assistant.workshop.content_check
	$(PYTHON) -m eval reach

fix:  ## format and mend what ruff can
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

test: .venv/ready  ## tests alone
	$(PYTHON) -m pytest -n 2 --dist loadfile

corpus-check: .venv/ready  ## what a machine can say of the content, the coverage table, reach
	$(PYTHON) -m assistant.knowledge.check
	$(PYTHON) -m assistant.workshop.content_check
	$(PYTHON) -m eval reach

embedding:  ## train the shipped embedding model from the authored questions
	$(PYTHON) -m assistant.knowledge.training

tagger:  ## train the shipped reader of messages from corpus/apprentissage (some minutes)
	$(PYTHON) -m assistant.coaching.understanding.training

eval:  ## write docs/quality.md; fails under eval/thresholds.toml
	$(PYTHON) -m eval run

bench:  ## side by side with the default stack; writes docs/benchmark.md
	$(PYTHON) -m eval bench

lock:  ## pin the dependencies again
	$(PYTHON) -m piptools compile -q --strip-extras --no-header --no-emit-index-url --no-emit-find-links -o requirements.lock pyproject.toml
	$(PYTHON) -m piptools compile -q --strip-extras --no-header --no-emit-index-url --no-emit-find-links --extra models --extra dev --extra bench --extra anthropic --extra mistral --extra ollama --extra postgresql -o requirements-dev.lock pyproject.toml
	sed -i 's/torch==\(.*\)+cpu/torch==\1/' requirements-dev.lock  # the local label of a CPU build

wheel:  ## an installable wheel in dist/
	$(PYTHON) -m build --wheel

.PHONY: help serve check static fix test corpus-check embedding tagger eval bench lock wheel
