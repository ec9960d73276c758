# Relative paths only, so that a checkout whose path holds spaces works.
.DEFAULT_GOAL := help
.SUFFIXES:
.DELETE_ON_ERROR:
.NOTPARALLEL:

UV_VERSION := 0.13.9
PY := .venv/bin/python
UV := $(PY) -m uv
LOCK := $(UV) pip compile -q --generate-hashes --no-emit-index-url --universal \
	--python-version 3.11 --custom-compile-command "make lock"
ARGS ?=
BENCH ?=
CATALOGS := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))

.PHONY: help
help: ## List what can be done
	@echo "make run          start everything on this machine and open the demonstration"
	@echo "make manage       a management command on the running demonstration (ARGS=\"shell\")"
	@echo "make test         install what tests need and run them all (ARGS=\"tests/contacts -x\" to choose)"
	@echo "make check        lint, types, import contract, migrations"
	@echo "make fmt          format the code"
	@echo "make bench        time what must stay quick (BENCH=lookup; alone, it lists them)"
	@echo "make screenshots  take the pictures of docs/guide again"
	@echo "make messages     collect the words to translate into locale/ after a change of the workers' pages"
	@echo "make lock         recompile the locked requirements after editing a .in file or package.json"
	@echo "make clean        remove everything make created, the local data included"

.PHONY: run
run: .venv/.stamp-run var/vendor/.stamp $(CATALOGS)
	@$(PY) -m local.system pango
	@exec $(PY) -m local.run

.PHONY: manage
manage: .venv/.stamp-run
	@exec $(PY) -m local.manage $(ARGS)

.PHONY: test
test: .venv/.stamp-dev node_modules/.stamp-dev var/vendor/.stamp $(CATALOGS)
	@$(PY) -m local.system pango browser java
	@exec $(PY) -m local.test $(ARGS)

.PHONY: bench
bench: .venv/.stamp-dev var/vendor/.stamp
	@exec $(PY) -m local.bench $(BENCH)

.PHONY: screenshots
screenshots: .venv/.stamp-dev var/vendor/.stamp $(CATALOGS)
	@$(PY) -m local.system pango browser
	@exec $(PY) -m docs.take_screenshots

# Settings must load, but nothing connects anywhere.
.PHONY: check messages
check messages: export DATABASE_URL := postgres://nobody@127.0.0.1:1/nothing
check messages: export REDIS_URL := redis://127.0.0.1:1/0
check messages: export SECRET_KEY := only-for-checks
check messages: export PRIVACY_KEY := only-for-checks
check messages: export SITE_URL := http://localhost
check: .venv/.stamp-dev
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	@$(PY) manage.py makemigrations --check --dry-run

messages: .venv/.stamp-dev
	@$(PY) -m local.catalogs

.PHONY: fmt
fmt: .venv/.stamp-dev
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

.PHONY: lock
lock: .venv/.stamp-uv
	@$(LOCK) requirements.in -o requirements.txt
	@$(LOCK) -c requirements.txt requirements-local.in -o requirements-local.txt
	@$(LOCK) -c requirements-local.txt requirements-dev.in -o requirements-dev.txt
	@npm install --package-lock-only --no-audit --no-fund

.PHONY: clean
clean:
	@if [ -x $(PY) ]; then $(PY) -m local.state; fi
	@rm -rf $(CATALOGS) .venv node_modules var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.venv/.stamp-uv:
	@set -e; for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
		if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
			2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Python 3.11 or newer with its venv module is needed." >&2; \
		echo "Debian, Ubuntu: sudo apt install python3-venv - Fedora: sudo dnf install python3 -" \
			"macOS: brew install python" >&2; \
		exit 1; \
	fi; \
	echo "Creating .venv with $$($$found --version)…"; \
	$$found -m venv --clear .venv; \
	$(PY) -m pip install --quiet --disable-pip-version-check \
		"uv==$(UV_VERSION)"
	@touch $@

.venv/.stamp-run: .venv/.stamp-uv requirements-local.txt
	@echo "Installing the Python packages…"
	@$(UV) pip install -q --python $(PY) --require-hashes -r requirements-local.txt
	@touch $@

.venv/.stamp-dev: .venv/.stamp-uv requirements-dev.txt
	@echo "Installing the Python packages, test tools included…"
	@$(UV) pip install -q --python $(PY) --require-hashes -r requirements-dev.txt
	@touch $@ .venv/.stamp-run

node_modules/.stamp: .venv/.stamp-uv package.json package-lock.json .npmrc
	@$(PY) -m local.system node
	@echo "Installing the front-end packages…"
	@npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

node_modules/.stamp-dev: .venv/.stamp-uv package.json package-lock.json .npmrc
	@$(PY) -m local.system node
	@echo "Installing the front-end packages, test tools included…"
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch node_modules/.stamp $@

var/vendor/.stamp: node_modules/.stamp local/vendor.mjs
	@node local/vendor.mjs
	@touch $@

# Babel compiles the translations: no machine needs gettext's own tools.
%.mo: %.po
	@$(PY) -m babel.messages.frontend --quiet compile -i $< -o $@
